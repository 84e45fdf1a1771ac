"""Behind the sign-in: the officer's day, the country, the trail, a project's story, each for whom it is."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from backend.applications.models import Application, Outcome, RuleResult
from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.audit import RowChange
from backend.core.events import Event
from backend.core.i18n import label
from backend.core.tx import transaction
from backend.durability.models import ProjectStatus
from backend.funding import commands as funding
from backend.observatory import told
from backend.observatory.pages.project import Mark, beside, placed
from backend.observatory.queries import desk, national, public, trail
from backend.people.models import AccessToken, Interest, Lookalike, Person, SignIn
from tests.applications import given as dossiers
from tests.funding import given as conventions
from tests.observatory import given
from tests.reviews import given as reviews

CAST = (
    "holder",
    "rival",
    "evaluator",
    "chair",
    "officer",
    "stranger",
    "coach",
    "auditor",
    "administrator",
    "coordination",
)


def page(client: Any, who: str, path: str) -> str:
    answer = client(who).get(path, headers={"accept": "text/html", "accept-language": "fr"})
    assert answer.status_code == 200, answer.text[-500:]
    return answer.text


def waiting(world: Any, who: str = "officer") -> dict[str, desk.Line]:
    with transaction(world.people[who]) as tx:
        return {line.code: line for line in desk.today(tx)}


# -- the officer's day ---------------------------------------------------------------------------


def test_nothing_waits(world: Any, client: Any) -> None:
    assert waiting(world) == {}
    assert "Tout est à jour" in page(client, "officer", "/das")


def test_the_day_follows_the_programme(world: Any, client: Any) -> None:
    applications = conventions.funded(world, 2)
    lines = waiting(world)
    assert (lines["prepare"].count, lines["prepare"].centimes) == (2, 2 * conventions.GRANT)
    with transaction(world.officer) as tx:
        first, second = (funding.prepare(tx, one).id for one in applications)
    assert set(waiting(world)) == {"sign"}
    assert "13 attendent" not in page(client, "officer", "/das")
    assert "Conventions à signer\u00a0: 2" in page(client, "officer", "/das")
    with transaction(world.officer) as tx:
        for one in (first, second):
            funding.sign(tx, one, tx.now.date())
    lines = waiting(world)
    assert {code: line.count for code, line in lines.items()} == {"prove": 2, "plan": 2}
    with transaction(world.officer) as tx:
        funding.prove_own(tx, first, "Relevé bancaire")
    lines = waiting(world)
    assert (lines["prove"].count, lines["release"].count) == (1, 1)  # the next tranche only
    assert lines["release"].centimes == funding_first(first)


def funding_first(convention_id: Any) -> int:
    from backend.funding.models import Tranche

    with transaction(SYSTEM) as tx:
        asked = select(Tranche.amount_centimes).where(
            Tranche.convention_id == convention_id, Tranche.number == 1
        )
        return tx.session.scalars(asked).one()


def test_what_is_late_comes_first(world: Any, client: Any) -> None:
    given.followed(world)
    lines = waiting(world)
    assert lines["milestone_late"].late
    assert lines["wave"].count == 2
    assert lines["wave"].since == min(
        given.waves.wave(one).due_on for one in given.waves.of(_convention(world))
    )
    text_ = page(client, "officer", "/das")
    assert "en retard\u00a0;" in text_
    assert text_.index("Jalons en retard") < text_.index("Tranches à verser")


def _convention(_world: Any) -> Any:
    from backend.funding.models import Convention

    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Convention.id)).first()


def test_one_call_leads_to_its_own_page(world: Any) -> None:
    submitted = dossiers.submitted(world)
    line = waiting(world)["screen"]
    assert (line.count, line.href) == (1, f"/das/calls/{submitted.call_id}/applications")
    assert waiting(world, "stranger") == {}


def test_late_only(world: Any, client: Any) -> None:
    from backend.notifications.models import Channel, Message, MessageState

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        event = tx.session.scalars(select(Event)).first() or _an_event(tx, world)
        tx.session.add(
            Message(
                event_id=event.id,
                template="t",
                recipient_id=world.holder.id,
                province_code="09.001",
                channel=Channel.EMAIL,
                language="fr",
                params={},
                queued_at=tx.now,
            )
        )
        tx.session.flush()
        tx.session.execute(
            update(Message).values(state=MessageState.FAILED),
            execution_options={"synchronize_session": False},
        )
    assert "1 chose en retard" in page(client, "officer", "/das")
    assert waiting(world)["message"].late


def _an_event(tx: Any, world: Any) -> Event:
    from backend.people.models import Organisation

    organisation = tx.session.get(Organisation, world.tifaout)
    made = tx.emit("organisation.edited", organisation)
    tx.session.flush()
    return made  # type: ignore[no-any-return]


def test_the_day_is_one_statement(world: Any, statements: Any) -> None:
    given.followed(world, 3)
    with transaction(world.officer) as tx, statements() as seen:
        desk.today(tx)
    assert len(seen) == 1


@pytest.mark.parametrize("who", [name for name in CAST if name not in ("officer", "stranger")])
def test_the_day_is_the_officers(world: Any, client: Any, who: str) -> None:
    assert client(who).get("/das").status_code == 403


# -- the country ---------------------------------------------------------------------------------


def test_the_country_adds_up(world: Any, client: Any) -> None:
    made = given.followed(world, 3)
    given.moved(made[2], "09.541")
    given.answered(world, made[0], ProjectStatus.ACTIVE, jobs_women=2)
    with transaction(world.coordination) as tx:
        country = national.country(tx)
        assert country.figures == public.total(public.places(tx))
    assert country.stages.submitted == sum(row.stages.submitted for row in country.rows) == 3
    assert sum(row.figures.decided_centimes for row in country.rows) == country.figures.decided_centimes
    assert country.stages.waves_late == 5
    assert country.stages.milestones_late > 0
    text_ = page(client, "coordination", "/coordination")
    assert "3 projets financés dans 2 provinces" in text_


def test_an_empty_country(world: Any, client: Any) -> None:
    assert "Rien à comparer encore" in page(client, "auditor", "/coordination")


@pytest.mark.parametrize(
    "who", [name for name in CAST if name not in ("auditor", "administrator", "coordination")]
)
def test_the_country_is_the_overseers(world: Any, client: Any, who: str) -> None:
    assert client(who).get("/coordination").status_code == 403


# -- the trail -----------------------------------------------------------------------------------


def names(client: Any, who: str, **filters: Any) -> list[str]:
    answer = client(who).get("/api/v1/events", params={"limit": 200} | filters)
    assert answer.status_code == 200
    return [event["name"] for event in answer.json()["items"]]


@pytest.mark.parametrize("who", ["holder", "rival", "evaluator", "chair", "coach", "stranger"])
def test_who_sees_no_event(world: Any, client: Any, who: str) -> None:
    given.followed(world)
    assert names(client, who) == []
    expected = 200 if who == "stranger" else 403
    assert client(who).get("/audit").status_code == expected


def test_nobody_reads_the_trail_unsigned(world: Any, client: Any) -> None:
    assert client(None).get("/api/v1/events").status_code == 401
    assert client(None).get("/audit", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("who", ["auditor", "administrator", "coordination", "officer"])
def test_the_trail_and_its_filters(world: Any, client: Any, who: str) -> None:
    (convention_id,) = given.followed(world)
    given.answered(world, convention_id, ProjectStatus.ACTIVE)
    seen = names(client, who)
    assert {"convention.signed", "tranche.released", "wave.planned", "wave.answered"} <= set(seen)
    assert names(client, who, name="wave.answered") == ["wave.answered"]
    assert set(names(client, who, subject_type="convention", subject_id=str(convention_id))) >= {
        "convention.signed"
    }
    assert names(client, who, actor_id=str(world.coach.id)) == ["wave.answered"]
    today = datetime.now(UTC).date()
    assert names(client, who, since=today.isoformat(), until=today.isoformat(), subject_type="wave") == [
        "wave.answered"
    ]
    assert names(client, who, since=(today + timedelta(days=2)).isoformat()) == []


def test_the_trail_pages(world: Any, client: Any) -> None:
    given.followed(world, 6)
    assert "Suivants" in page(client, "auditor", "/audit")
    officer = client("officer")
    whole = officer.get("/api/v1/events?limit=200").json()["items"]
    got = officer.get("/api/v1/events?limit=3").json()
    assert got["items"] == whole[:3]
    rest = officer.get(f"/api/v1/events?limit=200&cursor={got['next']}").json()["items"]
    assert got["items"] + rest == whole
    sequence = [event["seq"] for event in whole]
    assert sequence == sorted(sequence, reverse=True)


def test_history_does_not_betray_a_draft(world: Any, client: Any) -> None:
    draft = dossiers.draft(world)
    for who in ("officer", "auditor", "administrator", "coordination"):
        assert names(client, who, subject_id=str(draft.id)) == []
    assert client("auditor").get(f"/audit/rows/application/{draft.id}").status_code == 404
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).where(Application.id == draft.id).values(submitted_at=tx.now))
    assert names(client, "officer", subject_id=str(draft.id))
    assert client("auditor").get(f"/audit/rows/application/{draft.id}").status_code == 200


def test_history_keeps_a_tied_officer_out(world: Any, client: Any) -> None:
    """An officer who declared a tie with the holder sees no event of decisions on it."""
    given.followed(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        from backend.decisions.models import Decision

        decision = tx.session.scalars(select(Decision)).one()
        tx.session.add(
            Event(
                at=tx.now,
                name="decision.adopted",
                subject_type="decision",
                subject_id=decision.id,
                province_code="09.001",
                request_id="x",
                data={},
            )
        )
    assert names(client, "officer", subject_id=str(decision.id)) == ["decision.adopted"]
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            Interest(
                person_id=world.officer.id, organisation_id=world.tifaout, reason="x", declared_at=tx.now
            )
        )
    assert names(client, "officer", subject_id=str(decision.id)) == []


def test_the_page_of_the_trail(world: Any, client: Any) -> None:
    (convention_id,) = given.followed(world)
    text_ = page(client, "auditor", f"/audit?subject={convention_id}&by=offic&name=convention.signed")
    assert f"/audit/rows/convention/{convention_id}" in text_
    assert "Aucun événement" in page(client, "auditor", "/audit?by=Personne%25")
    assert "/audit/rows/" not in page(client, "officer", "/audit")


def test_codes_are_told_by_their_names(world: Any) -> None:
    """In Arabic a word of small Latin letters would be a code: of a rule, a criterion, a chain, a field."""
    (application_id,) = reviews.scored(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = True
        application = tx.session.get_one(Application, application_id)
        title = {"fr": "Ancienneté", "ar": "الأقدمية"}
        tx.session.add(
            RuleResult(
                application_id=application.id, position=90, rule_code="seniority", outcome=Outcome.FAIL,
                refuses=True, reason=title, facts={"title": title}, checked_at=tx.now,
            )
        )  # fmt: skip
        tx.emit("application.refused", application, rules=["seniority"], reason=None)
    with transaction(world.auditor) as tx:
        found = trail.events(tx, trail.Filters(), limit=200).items
        names = trail.names_in(tx, found)
    assert any(event.data.get("criteria") for event in found)
    for event in found:
        said = told.told(event, "ar", names.get(event.subject_id))
        raw = [
            one for _, value in said for one in value.split("، ") if re.fullmatch(r"[a-z][a-z0-9_.]*", one)
        ]
        assert not raw, (event.name, said)
        assert told.subject(event, "ar"), event.subject_type


@pytest.mark.parametrize(
    ("query", "fr", "ar"),
    [
        ("subject=12", "Identifiant du sujet</b> <bdi>12</bdi>", "معرّف كامل"),
        ("since=hier", "Du</b> <bdi>hier</bdi>", "يُكتب التاريخ"),
        ("name=call.invented", "aucun événement ne porte ce nom", "لا حدث بهذا الاسم"),
        ("since=2026-03-02&until=2026-03-01", "avant la première", "قبل الأول"),
        ("who=amina", "n’a pas de filtre de ce nom", "ليس في السجل"),
        ("subject=12&since=hier", "2 filtres n’ont pas été compris", "لم يُفهم عاملان"),
    ],
)
def test_a_filter_that_is_not_understood_is_named_and_nothing_is_listed(
    world: Any, client: Any, query: str, fr: str, ar: str
) -> None:
    given.followed(world)
    for lang, words in (("fr", fr), ("ar", ar)):
        said = page(client, "auditor", f"/audit?{query}&lang={lang}")
        assert words.lower() in said.lower()
        assert "<tbody>" not in said


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", ("Après\u00a0: Signée", "Signée le\u00a0: ")), ("ar", ("بعد: ", "تاريخ التوقيع: "))],
)
def test_the_trail_speaks_in_words_and_keeps_the_raw_form_folded(
    world: Any, client: Any, lang: str, words: tuple[str, ...]
) -> None:
    (convention_id,) = given.followed(world)
    text_ = page(client, "auditor", f"/audit?subject={convention_id}&name=convention.signed&lang={lang}")
    shown = re.sub(r"<details class=\"more\".*?</details>", "", text_, flags=re.DOTALL)
    for words_ in words:
        assert words_ in shown
    assert label(lang, "trail.of.convention") in shown
    for raw in ("signed_on", "&#34;after&#34;", "convention.signed</code>"):
        assert raw in text_
        assert raw not in shown


@pytest.mark.parametrize(
    ("subject", "data", "said"),
    [
        ("call", {"after": "published", "definition_sha256": "ab"}, [("Après", "Publié")]),
        ("motion", {"choice": "against", "seat": str(uuid4())}, [("Vote", "Contre")]),
        ("organisation", {"fields": ["name", "phone"], "assisted": True}, "nom, téléphone|oui"),
        ("wave", {"months": 12, "after": "stopped", "before": "seasonal"}, "Saisonnier|Arrêté|12"),
        (
            "milestone",
            {"due_on": "2026-03-10", "title": {"fr": "Visite", "ar": "زيارة"}},
            "10 mars 2026|Visite",
        ),
        ("session", {"scheduled_at": "2026-03-10T10:00:00+00:00"}, "mardi 10 mars 2026"),
        (
            "convention",
            {"amount_centimes": 100, "reason": "2026-99-99", "evidence": ""},
            "1,00\u00a0DH|2026-99-99",
        ),
        ("person", {"chains": ["argan"]}, "Argan"),
        (
            "minutes",
            {"capacity": "secretary", "level": "simple"},
            "Secrétariat|Signature électronique simple",
        ),
        ("assignment", {"total_hundredths": 7250, "milestones": {"a": 1}}, "72,50|1"),
    ],
)
def test_a_field_of_an_event_is_said_by_its_kind(subject: str, data: Any, said: Any) -> None:
    found = told.told(Event(subject_type=subject, data=data), "fr")
    if isinstance(said, str):
        values = [value for _, value in found]
        assert all(value.startswith(words) for value, words in zip(values, said.split("|"), strict=True)), (
            values
        )
    else:
        assert found == said
    assert told.subject(Event(subject_type="unheard"), "fr") == ""


def test_a_sign_in_says_who(world: Any, client: Any) -> None:
    given.followed(world)
    with transaction(ANONYMOUS) as tx:
        tx.allowed = True
        tx.emit("sign_in.created", SignIn(id=uuid4()), person_id=str(world.coach.id))
    with transaction(SYSTEM) as tx:
        name = tx.session.get_one(Person, world.coach.id).name
    text_ = page(client, "auditor", "/audit?name=sign_in.created")
    assert f">{name}<" in text_
    assert "Personne de connecté" not in text_


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_event_has_words(lang: str) -> None:
    names = (f"event.{name}" for name in trail.names_of_events())
    assert [name for name in names if label(lang, name) == name] == []


def test_a_row_before_and_after(world: Any, client: Any) -> None:
    (convention_id,) = given.followed(world)
    text_ = page(client, "auditor", f"/audit/rows/convention/{convention_id}")
    shown = re.sub(r"<details class=\"more\".*?</details>", "", text_, flags=re.DOTALL)
    assert "Signée" in shown
    for column in ("signed_on", "province_code", "own_evidence"):
        assert column not in shown, column
    assert "application_id" in text_  # what only the platform reads, folded away
    assert "Officer" in text_
    assert "Relevé bancaire" in text_
    assert client("auditor").get(f"/audit/rows/convention/{uuid4()}").status_code == 404
    assert client("auditor").get("/audit/rows/nothing/1").status_code == 404


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", ("Organisations qui se ressemblent", "Ce qui se ressemble", "numéro au registre", "Tifaout")),
        ("ar", ("تنظيمات متشابهة", "أوجه التشابه", "الرقم في السجل", "تيفاوت")),
    ],
)
def test_a_pair_that_looks_alike_is_told_in_words(
    world: Any, client: Any, lang: str, words: tuple[str, ...]
) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        first, second = sorted((world.tifaout, world.rival_cooperative))
        pair = Lookalike(
            first_id=first,
            second_id=second,
            grounds=["register_number", "name"],
            closeness=88,
            found_at=tx.now,
        )
        tx.session.add(pair)
        tx.session.flush()
        tx.emit("lookalike.found", pair, grounds=pair.grounds)
        key = pair.id
    shown = re.sub(
        r"<details class=\"more\".*?</details>", "",
        page(client, "auditor", f"/audit/rows/lookalike/{key}?lang={lang}"), flags=re.DOTALL,
    )  # fmt: skip
    for said in words:
        assert said in shown, said
    for raw in ("first_id", "grounds", "closeness", "register_number", str(first)):
        assert raw not in shown, raw
    event = page(client, "auditor", f"/audit?name=lookalike.found&lang={lang}")
    assert words[0] in event
    assert words[2] in event


@pytest.mark.parametrize("who", ["holder", "coach", "chair", "officer", "coordination"])
def test_rows_are_the_auditors(world: Any, client: Any, who: str) -> None:
    (convention_id,) = given.followed(world)
    assert client(who).get(f"/audit/rows/convention/{convention_id}").status_code in (403, 404)


def test_secrets_are_never_there(world: Any, client: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        token = AccessToken(
            person_id=world.holder.id, name="Export", token_hash="f" * 64, scopes=["*.read"],
            created_at=tx.now, expires_at=tx.now + timedelta(days=1),
        )  # fmt: skip
        tx.session.add(token)
    text_ = page(client, "auditor", f"/audit/rows/access_token/{token.id}")
    assert "Export" in text_
    assert "f" * 64 not in text_
    assert "token_hash" not in text_


def test_secrets_are_left_out_twice() -> None:
    """Even a trail that held one would not show it."""
    row = RowChange(old=None, new={"name": "x", "token_hash": "secret"})
    assert trail._columns(row, frozenset({"token_hash"})) == [("name", None, "x")]


def test_a_long_story_says_that_there_is_more(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (convention_id,) = given.followed(world)
    monkeypatch.setattr(trail, "LIMIT", 1)
    assert "Seuls les derniers changements" in page(
        client, "auditor", f"/audit/rows/convention/{convention_id}"
    )


def test_a_row_changed_by_nobody_known(world: Any, client: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.session.execute(text("SELECT set_config('indh.actor', '', true)"))
        tx.allowed = tx.recorded = True
        made = Interest(
            person_id=world.chair.id, organisation_id=world.tifaout, reason="x", declared_at=tx.now
        )
        tx.session.add(made)
    assert "Créée" in page(client, "administrator", f"/audit/rows/interest/{made.id}")


def test_the_trail_costs_the_same_for_one_and_three(world: Any, client: Any, statements: Any) -> None:
    given.followed(world)
    auditor = client("auditor")
    with statements() as one:
        auditor.get("/audit?name=convention.signed")
    with statements() as many:
        auditor.get("/audit")
    assert len(one) == len(many)


# -- a project's story ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["holder", "officer", "coach", "other_coach", "chair", "auditor", "coordination"]
)
def test_who_reads_the_story(world: Any, client: Any, who: str) -> None:
    (convention_id,) = given.followed(world)
    given.answered(world, convention_id, ProjectStatus.ACTIVE, jobs_women=5, turnover_centimes=100)
    text_ = page(client, who, f"/projects/{convention_id}")
    assert "1 tranche versée sur 3" in text_
    assert ("/waves/" in text_) == (who != "chair")
    assert ("/milestones/" in text_) == (who not in ("chair", "other_coach"))
    assert "Membre 0" not in text_


@pytest.mark.parametrize("who", ["rival", "stranger", "evaluator"])
def test_others_find_no_story(world: Any, client: Any, who: str) -> None:
    (convention_id,) = given.followed(world)
    assert client(who).get(f"/projects/{convention_id}").status_code == 404
    assert client(None).get(f"/projects/{convention_id}", follow_redirects=False).status_code == 303


def test_the_story_says_what_is_late(world: Any, client: Any) -> None:
    (convention_id,) = given.followed(world)
    given.answered(world, convention_id, ProjectStatus.UNREACHABLE)
    text_ = page(client, "officer", f"/projects/{convention_id}")
    assert re.search(r"injoignable, \d jalons en retard", text_)
    assert 'class="shape late' in text_


def test_a_story_that_has_just_begun(world: Any, client: Any) -> None:
    prepared = conventions.prepared(world)
    text_ = page(client, "officer", f"/projects/{prepared}")
    assert "Rien n’est encore versé" in text_
    assert "Part propre, à prouver" in text_
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).values(content={"results": {"jobs_women": 3}}))
    assert "prévus 3" in page(client, "officer", f"/projects/{prepared}")


def test_the_story_with_all_its_states(world: Any, client: Any) -> None:
    from backend.coaching import commands as coaching
    from backend.coaching.models import Milestone

    (convention_id,) = given.followed(world)
    with transaction(SYSTEM) as tx:
        first, second = tx.session.scalars(select(Milestone.id).order_by(Milestone.due_on).limit(2))
    for one in (first, second):
        with transaction(world.holder) as tx:
            coaching.report(tx, one, "Fait.")
    with transaction(world.coach) as tx:
        coaching.validate(tx, first)
    for tranche in conventions.tranches(convention_id)[1:]:
        with transaction(world.officer) as tx:
            funding.release(tx, tranche, "Ordre de virement")
    for lang in ("fr", "ar"):
        text_ = page(client, "holder", f"/projects/{convention_id}?lang={lang}")
        assert not re.search(r"(enum|verb|event|field|desk|problem)\.\w", text_)
    assert "Toutes les tranches sont versées" in page(client, "holder", f"/projects/{convention_id}")


def test_words_on_the_line_of_time_never_overlap() -> None:
    start = date(2026, 1, 1)
    steps = [
        Mark(start + timedelta(days=100 + n), "late" if n == 2 else "planned", "Un long jalon " * 3)
        for n in range(5)
    ]
    shown = placed(steps, start, start + timedelta(days=400))
    assert [mark.at for mark in shown] == [step.at for step in steps]
    assert [bool(mark.text) for mark in shown] == [True, False, True, False, False]
    assert {mark.place for mark in shown if mark.text} == {"above", "below"}
    assert placed([Mark(start, "done", "Au bord")], start, start + timedelta(days=9))[0].text == ""


def test_amounts_that_would_overlap_stand_above_or_are_left_out() -> None:
    start = date(2026, 1, 1)
    paid = [Mark(start + timedelta(days=n), "done", "124 000") for n in (30, 40, 50, 200, 399)]
    shown = beside(paid, start, start + timedelta(days=400))
    assert [mark.place if mark.text else "" for mark in shown] == ["above", "", "end", "end", ""]


def test_the_story_costs_the_same_whatever_its_length(world: Any, client: Any, statements: Any) -> None:
    (convention_id,) = given.followed(world)
    officer = client("officer")
    with statements() as before:
        officer.get(f"/projects/{convention_id}")
    given.answered(world, convention_id, ProjectStatus.ACTIVE)
    with statements() as after:
        officer.get(f"/projects/{convention_id}")
    assert len(before) == len(after)


@pytest.mark.parametrize("path", ["/das", "/coordination", "/audit"])
def test_both_languages(world: Any, client: Any, path: str) -> None:
    given.followed(world)
    who = "officer" if path == "/das" else "auditor"
    text_ = page(client, who, f"{path}?lang=ar")
    assert 'dir="rtl"' in text_
    assert not re.search(r">(enum|state|verb|field|desk|problem)\.\w", text_)
