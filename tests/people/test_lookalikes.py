"""Two organisations that may be one: found, shown to both provinces, settled."""

from datetime import UTC, datetime

import pytest
from hypothesis import given as given_names
from hypothesis.strategies import lists, text
from sqlalchemy import select

from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import LookalikeState, Organisation, Representative
from backend.people.own_data import ERASED_NAME
from backend.people.queries.comparison import Someone, in_both
from backend.people.resemblance import CLOSE, close_pairs, closeness, closest
from backend.people.schemas import OrganisationPatch, SettleIn
from tests.people import given
from tests.people.test_organisations import last_event, refused, woman
from tests.people.test_register import GOOD_RIB
from tests.world import COMMUNE, THERE

HTML = {"accept": "text/html"}
WHY = SettleIn(reason="La présidente me l’a dit")
OTHER_COMMUNE = "09.001.05.01"


@pytest.fixture
def there(database):
    """A commune of the other province."""
    from backend.territory.models import Commune

    with transaction(SYSTEM) as tx:
        asked = select(Commune.code).where(Commune.province_code == THERE).order_by(Commune.code)
        return tx.session.scalars(asked.limit(1)).one()


def alone(world):
    """The two cooperatives of the world have one register number: they are told apart here."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for key in (world.tifaout, world.rival_cooperative):
            tx.session.get(Organisation, key).register_number = None


def look(*keys):
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        return [commands.compare(tx, key) for key in keys] if keys else commands.compare_all(tx)


def pairs(actor=SYSTEM, state=None):
    with transaction(actor) as tx:
        return queries.lookalikes(tx, state).items


@pytest.mark.parametrize(
    ("facts", "same", "ground"),
    [
        ({"register_number": "12/2020"}, {"register_number": "12 - 2020"}, "register_number"),
        ({"ice": "001561191000066"}, {"ice": "001 561 191 000 066"}, "ice"),
        ({"bank_account": GOOD_RIB}, {"bank_account": GOOD_RIB}, "bank_account"),
    ],
)
def test_the_same_number_in_two_provinces_is_flagged(world, there, facts, same, ground):
    alone(world)
    first = given.organisation(world.holder, name={"fr": "Argane du Souss"}, **facts)
    second = given.organisation(world.holder, name={"fr": "Safran"}, commune_code=there, **same)
    assert look(second) == [1]
    (pair,) = pairs()
    assert (pair.first_id, pair.second_id, pair.grounds) == (first, second, [ground])
    assert last_event("lookalike.found").data["provinces"] == ["09.001", THERE]
    assert (look(first, second), look(), len(pairs())) == ([0, 0], 0, 1)


def test_shared_members_are_found_by_their_cards(world):
    alone(world)
    for key, actor in ((world.tifaout, world.holder), (world.rival_cooperative, world.rival)):
        with transaction(actor) as tx:
            commands.replace_members(tx, key, [woman("A", identity="JB123456"), woman("B")])
    assert look() == 1
    assert pairs()[0].grounds == ["members"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"fr": "Coopérative Tamount", "ar": "تعاونية تامونت"}, {"fr": "Coop. Tamounte"}, True),
        ({"ar": "تعاونية الأمل"}, {"ar": "التعاونية النسائية أمل"}, True),
        ({"fr": "Coopérative Amal", "ar": "تعاونية الأمل"}, {"ar": "تعاونية الامل"}, True),
        ({"fr": "Coopérative Tamount Argane"}, {"fr": "Coopérative Tamount Miel"}, False),
        ({"fr": "Coopérative agricole Tizi"}, {"fr": "Coopérative agricole Ouarzan"}, False),
        ({"ar": "تعاونية النور"}, {"ar": "تعاونية الأمل"}, False),
    ],
)
def test_close_names_in_one_commune(world, one, other, alike):
    alone(world)
    made = given.organisation(world.holder, name=one)
    given.organisation(world.holder, name=other)
    given.organisation(world.holder, name=other, commune_code=OTHER_COMMUNE)
    assert look(made) == [1 if alike else 0]
    both = [{"fr": "", "ar": ""} | name for name in (one, other)]
    assert (closeness(*both) >= CLOSE) is alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"fr": "Coopérative Tamaynout", "ar": "تعاونية أرغان"},
            {"fr": "Coop Argane Ida", "ar": "التعاونية أركان"},
        ),
        (
            {"fr": "Zitoun du Haut Atlas", "ar": "تعاونية أمان"},
            {"fr": "Les mains d’or", "ar": "تعاونية أمام"},
        ),
        ({"fr": "Coopérative Tafokt", "ar": "تعاونية الشمس المشرقة"}, {"fr": "Tafoukt", "ar": "النخيل"}),
    ],
)
def test_short_names_are_compared_language_by_language(world, one, other):
    """Both names together hid what one of them says: such pairs stayed under the database's filter."""
    alone(world)
    first = given.organisation(world.holder, name=one)
    second = given.organisation(world.holder, name=other)
    assert look(second) == [1]
    assert [(pair.first_id, pair.second_id, pair.grounds) for pair in pairs()] == [(first, second, ["name"])]
    assert look() == 0


def test_short_words_that_are_others_stay_apart():
    for one, other in (("أمل", "عمل"), ("تيفاوت", "تودرت"), ("ماسة", "سوس")):
        assert closeness({"ar": f"تعاونية {one}"}, {"ar": f"تعاونية {other}"}) < CLOSE


@given_names(lists(text("ابتكقنمرزل ", min_size=1, max_size=14), min_size=2, max_size=25))
def test_pairs_are_those_of_comparing_each_with_each(names):
    of = {i: {"fr": "", "ar": name} for i, name in enumerate(names)}
    each = {(i, j) for i in of for j in of if i < j and closeness(of[i], of[j]) >= CLOSE}
    found = list(close_pairs(of))
    assert {tuple(sorted(pair[:2])) for pair in found} == each
    assert len(found) == len(each)
    assert all(close == closeness(of[one], of[other]) for one, other, close in found)


def test_officers_of_both_provinces_get_one_message(world, there):
    from backend.notifications.models import Message

    alone(world)
    given.organisation(world.holder, name={"fr": "Argane du Souss"}, ice="001561191000066")
    given.organisation(world.holder, name={"fr": "Safran"}, ice="001561191000066", commune_code=there)
    given.organisation(world.holder, name={"fr": "Argane de Souss"})
    look()
    jobs.drain()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        assert commands.announce(tx) == 2
        assert commands.announce(tx) == 0
    jobs.drain()
    with transaction(SYSTEM) as tx:
        asked = select(Message).where(Message.template == "lookalike.announced")
        told = {row.recipient_id: row.params["n_pairs"] for row in tx.session.scalars(asked)}
    assert told == {world.officer.id: 2, world.stranger.id: 1}


def test_names_of_common_words_alone_are_still_compared():
    assert closeness({"fr": "Coopérative"}, {"fr": "Coopérative"}) == 100
    assert closeness({}, {}) == 0


def test_a_save_looks_for_doubles(world):
    alone(world)
    made = given.organisation(world.holder, ice="001561191000066")
    given.organisation(world.holder, name={"fr": "Autre"}, ice="001561191000066")
    jobs.drain()
    assert [pair.first_id for pair in pairs()] == [made]
    jobs.tick("people.lookalikes")
    assert len(pairs()) == 1


def test_officers_of_both_provinces_see_the_pair_and_no_more(client, world, there):
    alone(world)
    here = given.organisation(world.holder, name={"fr": "Ici"}, bank_account=GOOD_RIB, phone="0612345678")
    away = given.organisation(
        world.holder, name={"fr": "Ailleurs"}, bank_account=GOOD_RIB, commune_code=there
    )
    look(here)
    for name, count in (("officer", 1), ("stranger", 1), ("auditor", 1), ("coach", 0), ("holder", 0)):
        assert len(pairs(world.people[name])) == count, name
    (pair,) = pairs(world.stranger)
    answer = client("stranger").get(f"/api/v1/lookalikes/{pair.id}")
    assert answer.json()["first"] == {
        "id": str(here), "name": {"fr": "Ici", "ar": "Ici"}, "legal_form": "cooperative",
        "province_code": "09.001", "commune_code": COMMUNE, "readable": False,
    }  # fmt: skip
    assert answer.json()["verbs"] == ["distinguish", "merge"]
    page = client("stranger").get(f"/das/lookalikes/{pair.id}", headers=HTML).text
    assert "Ici" in page
    for hidden in (GOOD_RIB, "612345678", f"/organisations/{here}"):
        assert hidden not in page + answer.text
    assert f"/organisations/{away}" in page
    assert client("stranger").get(f"/api/v1/organisations/{here}").status_code == 404
    assert client("officer").get(f"/api/v1/lookalikes/{pair.id}").json()["verbs"] == ["distinguish"]
    assert (
        "peut réunir les deux fiches"
        in client("officer").get(f"/das/lookalikes/{pair.id}", headers=HTML).text
    )
    for name, status in (("holder", 404), ("coach", 404)):
        assert client(name).get(f"/api/v1/lookalikes/{pair.id}").status_code == status


def flagged(world, there=None):
    alone(world)
    first = given.organisation(world.holder, name={"fr": "Une"}, bank_account=GOOD_RIB)
    more = {"commune_code": there} if there else {}
    second = given.organisation(world.rival, name={"fr": "Deux"}, bank_account=GOOD_RIB, **more)
    look(first)
    return first, second, pairs()[0]


def test_told_apart_until_they_share_something_more(world):
    first, second, pair = flagged(world)
    with transaction(world.officer) as tx:
        settled = commands.distinguish(tx, pair.id, WHY, 1)
        assert (settled.state, settled.settled_by) == (LookalikeState.DISTINCT, world.officer.id)
    assert (look(first), pairs(state=LookalikeState.FLAGGED)) == ([0], [])
    again = refused(lambda tx: commands.merge(tx, pair.id, WHY), world.officer)
    assert again.code == "wrong_state"
    for actor, key in ((world.holder, first), (world.rival, second)):
        with transaction(actor) as tx:
            commands.edit_organisation(tx, key, OrganisationPatch(ice="001561191000066"))
    assert look(first) == [1]
    (pair,) = pairs(state=LookalikeState.FLAGGED)
    assert pair.grounds == ["ice", "bank_account"]


def test_a_merge_keeps_history_and_rewrites_nothing(client, world):
    first, second, pair = flagged(world)
    with transaction(world.officer) as tx:
        assert commands.merge(tx, pair.id, WHY, 1).state is LookalikeState.MERGED
    with transaction(world.rival) as tx:
        assert queries.organisation(tx, second).merged_into_id == first
        assert queries.organisation(tx, first)  # she represents it now
        hers = {row.id for row in queries.my_organisations(tx)}
        assert hers == {first, world.rival_cooperative}
        assert queries.merged_with(tx, queries.organisation(tx, first)) == [second]
    patch = OrganisationPatch(phone="0612345678")
    for actor in (world.rival, world.officer):
        assert refused(lambda tx: commands.edit_organisation(tx, second, patch), actor).status == 403
    assert last_event("organisation.merged").data["reason"] == WHY.reason
    page = client("rival").get(f"/organisations/{second}", headers=HTML).text
    assert f"/organisations/{first}" in page
    assert "name.fr" not in page
    assert f"/organisations/{second}" in client("rival").get(f"/organisations/{first}", headers=HTML).text
    assert look() == 0
    third = given.organisation(world.rival, name={"fr": "Trois"}, bank_account=GOOD_RIB)
    look(third)
    (late,) = [one for one in pairs() if one.second_id == third]
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get(Organisation, third).merged_into_id = first
    assert refused(lambda tx: commands.merge(tx, late.id, WHY), world.officer).code == "organisation_merged"
    with transaction(SYSTEM) as tx:
        assert queries.alike(tx, [first, second, world.tifaout]) == {
            first: {second, third}, second: {first}, world.tifaout: set(),
        }  # fmt: skip


def test_somebody_who_represented_the_first_once_does_again(world):
    first, _, pair = flagged(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        past = datetime(2020, 1, 1, tzinfo=UTC)
        tx.session.add(
            Representative(organisation_id=first, person_id=world.rival.id, since=past, until=past)
        )
    with transaction(world.officer) as tx:
        commands.merge(tx, pair.id, WHY)
    with transaction(SYSTEM) as tx:
        asked = select(Representative).where(
            Representative.organisation_id == first, Representative.person_id == world.rival.id
        )
        assert tx.session.scalars(asked).one().until is None


def test_only_the_province_of_the_second_merges(world, there):
    _, _, pair = flagged(world, there)
    assert refused(lambda tx: commands.merge(tx, pair.id, WHY), world.officer).status == 403
    for name in ("holder", "coach"):
        assert refused(lambda tx: commands.merge(tx, pair.id, WHY), world.people[name]).status == 404
    for act in (commands.merge, commands.distinguish):
        assert refused(lambda tx, act=act: act(tx, pair.id, WHY), world.auditor).status == 403
        assert refused(lambda tx, act=act: act(tx, pair.id, WHY, 7), world.stranger).status == 412
    with transaction(world.stranger) as tx:
        commands.merge(tx, pair.id, WHY)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_settle(client, world, lang):
    _, _, pair = flagged(world)
    browser = client("officer")
    browser.cookies.set("indh_language", lang)
    assert str(pair.id) in browser.get("/das/lookalikes", headers=HTML).text
    assert browser.get("/das/lookalikes?state=merged", headers=HTML).status_code == 200
    path = f"/das/lookalikes/{pair.id}"
    empty = browser.post(f"{path}/distinguish", data={"version": "1", "reason": " "}, headers=HTML)
    assert (empty.status_code, 'id="reason-distinguish-error"' in empty.text) == (422, True)
    stale = browser.post(f"{path}/merge", data={"version": "9", "reason": "gardé"}, headers=HTML)
    assert (stale.status_code, "gardé" in stale.text) == (412, True)
    form = {"version": "1", "reason": "Vu sur place"}
    done = browser.post(f"{path}/merge", data=form, headers=HTML, follow_redirects=False)
    assert done.status_code == 303
    assert "Vu sur place" in browser.get(path, headers=HTML).text
    assert client("holder").get("/das/lookalikes", headers=HTML).status_code == 403


def test_over_http(client, world):
    _, _, pair = flagged(world)
    officer = client("officer")
    assert [one["id"] for one in officer.get("/api/v1/lookalikes?state=flagged").json()["items"]] == [
        str(pair.id)
    ]
    body = {"reason": "Deux présidentes"}
    assert officer.post(f"/api/v1/lookalikes/{pair.id}/distinguish", json=body).status_code == 428
    done = officer.post(f"/api/v1/lookalikes/{pair.id}/distinguish", json=body, headers={"if-match": '"1"'})
    assert (done.json()["state"], done.headers["etag"]) == ("distinct", '"2"')
    late = officer.post(f"/api/v1/lookalikes/{pair.id}/merge", json=body, headers={"if-match": '"2"'})
    assert late.status_code == 409


def test_lists_cost_the_same_for_any_number(world, statements):
    alone(world)
    for i in range(4):
        given.organisation(world.holder, name={"fr": f"Nom {'abcd'[i] * 9}"}, bank_account=GOOD_RIB)
    look()
    assert len(pairs()) == 6
    for limit in (1, 3):
        with transaction(world.officer) as tx, statements() as sql:
            page = queries.lookalikes(tx, limit=limit)
            assert len(queries.told(tx, page.items)) == limit
        assert len(sql) == 2


def test_looking_costs_the_same_for_any_number(world, statements):
    alone(world)
    for count in (1, 3):
        made = [given.organisation(world.holder, ice="001561191000066") for _ in range(count)]
        with transaction(SYSTEM) as tx, statements() as sql:
            tx.allowed = tx.recorded = True
            commands.compare(tx, made[-1])
        assert len([one for one in sql if one.startswith("SELECT")]) <= 5


def test_a_merged_one_begins_no_dossier(world):
    from backend.applications import commands as applications
    from tests.calls import given as calls

    _, second, pair = flagged(world)
    with transaction(world.officer) as tx:
        commands.merge(tx, pair.id, WHY)
    call = calls.published(world)
    refusal = refused(lambda tx: applications.create(tx, call.id, second), world.rival)
    assert (refusal.code, refusal.status) == ("organisation_merged", 409)


def verdicts(actor, pair):
    with transaction(actor) as tx:
        return {one.fact: one for one in queries.compared(tx, queries.lookalike(tx, pair.id))}


def test_both_records_are_read_line_by_line(client, world, statements):
    alone(world)
    first = given.organisation(
        world.holder, name={"fr": "Une"}, bank_account=GOOD_RIB, register_number="12/2020"
    )
    given.organisation(
        world.rival,
        name={"fr": "Deux"},
        bank_account=GOOD_RIB,
        register_number="13/2020",
        ice="001561191000066",
    )
    look(first)
    (pair,) = pairs()
    told = verdicts(world.officer, pair)
    assert (told["register_number"].first, told["register_number"].second) == ("12/2020", "13/2020")
    expected = {
        "register_number": "different",
        "ice": "missing",
        "representatives": "different",
        "members": "missing",
        "registered_on": "same",
    }
    assert {fact: told[fact].verdict for fact in expected} == expected
    page = client("officer").get(f"/das/lookalikes/{pair.id}", headers=HTML).text
    for said in ("12/2020", "13/2020", "001561191000066", "Différent", "Identique"):
        assert said in page
    with transaction(world.officer) as tx, statements() as sql:
        queries.compared(tx, pair)
    assert len(sql) == 1


def test_persons_are_compared_not_counted(client, world):
    """Of three members each, two are the same: by card whatever the name, by name and year without one."""
    alone(world)
    first = given.organisation(world.holder, name={"fr": "Une"}, bank_account=GOOD_RIB)
    second = given.organisation(world.holder, name={"fr": "Deux"}, bank_account=GOOD_RIB)
    ours = [woman("Aïcha Idrissi", identity="JB123456"), woman("ZAHRA Amal"), woman("Une autre")]
    theirs = [woman("A. El Idrissi", identity="JB123456"), woman("Amal Zahrâ"), woman("Quelqu’une")]
    for key, listed in ((first, ours), (second, theirs)):
        with transaction(world.holder) as tx:
            commands.replace_members(tx, key, listed)
    look(first)
    (pair,) = pairs()
    told = verdicts(world.officer, pair)
    assert (told["members"].verdict, told["members"].shared) == ("some", ("Aïcha Idrissi", "ZAHRA Amal"))
    assert (told["representatives"].verdict, len(told["representatives"].shared)) == ("same", 1)
    page = client("officer").get(f"/das/lookalikes/{pair.id}", headers=HTML).text
    assert "2 personnes en commun" in page
    assert "Quelqu’une" not in page
    arabic = client("officer").get(f"/das/lookalikes/{pair.id}?lang=ar", headers=HTML).text
    assert "شخصان مشتركان" in arabic


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"account": "1"}, {"account": "1", "name": "Autre"}, True),
        ({"phone": "+212600000001"}, {"phone": "+212600000001", "name": "Autre"}, True),
        ({"card": "a"}, {"card": "b"}, False),  # two cards, whatever the name
        ({"card": "a"}, {}, True),
        ({"year": 1980}, {"year": 1981}, False),
        ({"name": ""}, {"name": ""}, False),
        ({"name": ERASED_NAME}, {"name": ERASED_NAME}, False),
    ],
)
def test_when_two_persons_are_one(one, other, same):
    found = in_both([Someone(**{"name": "Amal Zahra"} | one)], [Someone(**{"name": "Zahra  AMAL"} | other)])
    assert len(found) == same


def test_one_person_is_matched_once_and_the_surest_first():
    card, alike = Someone("Amal", 1980, card="a"), Someone("Amal", 1980)
    assert in_both([alike, card], [card, alike]) == [alike, card]
    assert in_both([alike, alike], [card]) == [alike]
    many = [Someone(f"Amal {i}", 1980) for i in range(2000)]
    assert len(in_both(many, many[::-1])) == 2000


def test_of_another_province_only_whether_the_numbers_are_the_same(client, world, there):
    alone(world)
    facts = {"ice": "001561191000066", "register_number": "4571/2020", "created_on": "2011-04-03"}
    first = given.organisation(world.holder, name={"fr": "Ici"}, **facts)
    more = {"ice": "001561191000066", "register_number": "88/2021", "created_on": "2011-04-03"}
    given.organisation(world.holder, name={"fr": "Ailleurs"}, commune_code=there, **more)
    look(first)
    (pair,) = pairs()
    told = verdicts(world.stranger, pair)
    assert {one.first for one in told.values()} == {None}
    assert {fact for fact, one in told.items() if one.verdict != "unknown"} == {"ice", "register_number"}
    assert (told["ice"].verdict, told["register_number"].verdict) == ("same", "different")
    assert {one.shared for one in told.values()} == {()}
    page = client("stranger").get(f"/das/lookalikes/{pair.id}", headers=HTML).text
    assert ("4571" in page, "88/2021" in page, "Non montré" in page) == (False, True, True)


def test_closeness_says_when_it_comes_from_the_arabic_names(client, world):
    assert closest({"fr": "Une", "ar": "تعاونية النور"}, {"fr": "Deux", "ar": "تعاونية النور"}) == ("ar", 100)
    assert closest({"fr": "Tizi", "ar": "تيزي"}, {"fr": "Tizi", "ar": "تيزي"})[0] == "fr"
    alone(world)
    arabic = "تعاونية نور الجبال العالية"
    names = ({"fr": "Lumière", "ar": arabic}, {"fr": "Ennour", "ar": arabic})
    made = [given.organisation(world.holder, name=name) for name in names]
    look(*made)
    (pair,) = pairs()
    page = client("officer").get(f"/das/lookalikes/{pair.id}", headers=HTML).text
    assert "d’après les noms en arabe" in page
