"""The pages of people, as a browser without JavaScript walks them, in French and in Arabic."""

import re
from uuid import uuid4

import pytest

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.people import queries
from tests.people import given
from tests.world import HERE, THERE

HTML = {"accept": "text/html"}
LANGUAGES = {"fr": "Se connecter", "ar": "تسجيل الدخول"}


def page(browser, path, lang="fr", status=200):
    answer = browser.get(path, headers=HTML | {"accept-language": lang})
    assert answer.status_code == status, answer.text
    return answer.text


def post(browser, path, **form):
    return browser.post(path, data=form, headers=HTML, follow_redirects=False)


def version_in(html):
    return re.search(r'name="version" value="(\d+)"', html)[1]


@pytest.fixture
def amina():
    email = f"{uuid4().hex}@exemple.ma"
    given.registered(email)
    return email


@pytest.mark.parametrize(("lang", "words"), LANGUAGES.items())
def test_sign_in_is_offered_in_both_languages(client, lang, words):
    html = page(client(None), "/sign-in?next=/me", lang)
    assert f'<html lang="{lang}"' in html
    assert words in html
    assert 'name="next" value="/me"' in html
    assert "zellige" in html


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/me?a=1", "/me?a=1"),
        ("https://evil.example/", "/welcome"),
        ("//evil.example", "/welcome"),
        ("", "/welcome"),
    ],
)
def test_signing_in_leads_back_and_never_elsewhere(client, amina, asked, target):
    browser = client(None)
    answer = post(browser, "/sign-in", email=amina, password=given.PASSWORD, next=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert browser.get("/me", headers=HTML).status_code == 200


def test_a_page_for_somebody_leads_through_sign_in(client):
    browser = client(None)
    answer = browser.get("/me?x=1", headers=HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fme%3Fx%3D1")
    sent = browser.post(
        "/me", headers=HTML | {"referer": "http://testserver/me?y=2#a"}, follow_redirects=False
    )
    assert sent.headers["location"] == "/sign-in?next=%2Fme%3Fy%3D2"
    foreign = browser.post("/me", headers=HTML | {"referer": "http://evil.example/x"}, follow_redirects=False)
    assert foreign.headers["location"] == "/sign-in?next=%2F"
    part = browser.get("/me", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (204, "/sign-in?next=%2Fme")


def test_where_work_begins(client):
    answer = client("administrator").get("/welcome", headers=HTML, follow_redirects=False)
    assert answer.status_code == 303
    assert page(client("administrator"), answer.headers["location"])
    assert client(None).get("/welcome", headers=HTML, follow_redirects=False).headers["location"] == "/"
    already = client("administrator").get("/sign-in?next=/me", headers=HTML, follow_redirects=False)
    assert already.headers["location"] == "/me"


def test_a_wrong_password_keeps_the_address_and_not_the_password(client, amina):
    answer = post(client(None), "/sign-in", email=amina, password="faux mot de passe", next="/me")
    assert answer.status_code == 401
    assert "Adresse ou mot de passe incorrect" in answer.text
    assert amina in answer.text
    assert "faux mot de passe" not in answer.text
    assert 'value="/me"' in answer.text


def test_too_many_failures_say_how_long(client, amina):
    for _ in range(5):
        post(client(None), "/sign-in", email=amina, password="faux mot de passe")
    answer = post(client(None), "/sign-in", email=amina, password="faux mot de passe")
    assert answer.status_code == 429
    assert "Réessayez dans 15 minutes" in answer.text


def test_signing_out(client):
    browser = client("holder")
    answer = post(browser, "/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/me", headers=HTML, follow_redirects=False).status_code == 303


def test_demonstration_accounts_are_offered_in_a_demonstration_only(client, monkeypatch):
    from dataclasses import replace

    from backend.people import demonstration
    from backend.people.pages import visitors

    account = demonstration.DemoAccount("Amina, porteuse", "holder", "demo@exemple.ma", "mot de passe connu")
    monkeypatch.setattr(demonstration, "accounts", lambda: [account])
    html = page(client(None), "/sign-in")
    assert "Amina, porteuse" in html
    assert "Porteur de projet" in html
    made = replace(visitors.settings(), demo=False)
    monkeypatch.setattr(visitors, "settings", lambda: made)
    assert "demo@exemple.ma" not in page(client(None), "/sign-in")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_registering_says_the_same_for_a_known_address(client, amina, lang):
    for email in (amina, f"{uuid4().hex}@exemple.ma"):
        browser = client(None)
        page(browser, "/register", lang)
        answer = post(
            browser, "/register", name="A", email=email, phone="", language=lang, password=given.PASSWORD
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?new=1")
    words = {"fr": "Si cette adresse n’avait pas encore de compte", "ar": "إذا لم يكن لهذا العنوان حساب"}
    assert words[lang] in page(browser, "/sign-in?new=1", lang)


def test_opening_an_account_leads_back_to_what_was_begun(client):
    browser, begun = client(None), "/my/applications/new?call=ess-2026"
    told = "%3Fcall%3Dess-2026"
    assert f'href="/register?next=/my/applications/new{told}"' in page(
        browser, f"/sign-in?next=/my/applications/new{told}"
    )
    html = page(browser, f"/register?next=/my/applications/new{told}")
    assert f'name="next" value="{begun}"' in html
    assert f'href="/sign-in?next=/my/applications/new{told}"' in html
    form = {"name": "A", "email": f"{uuid4().hex}@exemple.ma", "phone": "", "language": "fr"}
    weak = post(browser, "/register", **form, password="court", next=begun)
    assert f'name="next" value="{begun}"' in weak.text
    done = post(browser, "/register", **form, password=given.PASSWORD, next=begun)
    assert done.headers["location"] == f"/sign-in?new=1&next=%2Fmy%2Fapplications%2Fnew{told}"
    form["email"] = f"{uuid4().hex}@exemple.ma"
    away = post(browser, "/register", **form, password=given.PASSWORD, next="//evil.example")
    assert away.headers["location"] == "/sign-in?new=1"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", ["Trop court\u00a0: 12", "Numéro illisible", "Cette réponse est nécessaire"]),
        ("ar", ["قصيرة جدا: 12", "رقم غير مقروء"]),
    ],
)
def test_a_refused_registration_keeps_what_was_typed(client, lang, words):
    browser = client(None)
    browser.cookies.set("lang", lang)
    answer = post(browser, "/register", name=" ", email="a@b.ma", phone="12", language="fr", password="xyzzy")
    assert answer.status_code == 422
    for said in words:
        assert said in answer.text
    assert 'value="a@b.ma"' in answer.text
    assert "xyzzy" not in answer.text
    assert 'href="#phone"' in answer.text
    weak = post(browser, "/register", name="A", email="a@b.ma", language="fr", password="aaaaaaaaaaaa")
    assert 'href="#password"' in weak.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_my_account(client, lang):
    browser = client("holder")
    html = page(browser, "/me", lang)
    answer = post(browser, "/me", name="Amina", phone="0612345678", language="ar", version=version_in(html))
    assert answer.headers["location"] == "/me?saved=1"
    assert browser.cookies["lang"] == "ar"
    html = page(browser, "/me?saved=1", lang)
    assert '<html lang="ar"' in html
    assert "+212612345678" in html
    stale = post(browser, "/me", name="Nom gardé", phone="", language="fr", version="1")
    assert stale.status_code == 412
    assert "Nom gardé" in stale.text
    unread = post(browser, "/me", name="A", phone="12", language="fr", version="x")
    assert unread.status_code == 422
    assert 'href="#phone"' in unread.text


def test_tokens_are_made_shown_once_and_revoked(client):
    browser = client("officer")
    made = post(browser, "/me/tokens", token="Tableur", scopes="*.read", expires_in_days="30")
    secret = re.search(r'<code dir="ltr">([\w-]{43})</code>', made.text)[1]
    assert made.headers["cache-control"] == "no-store"
    html = page(browser, "/me")
    assert "Tableur" in html
    assert secret not in html
    (path,) = re.findall(r'action="(/me/tokens/[^"]+/revoke)"', html)
    assert post(browser, path).headers["location"] == "/me#tokens"
    assert "Révoqué" in page(browser, "/me")
    assert post(client("rival"), path).status_code == 404
    refused = post(browser, "/me/tokens", token="", scopes="nothing.*", expires_in_days="400")
    assert refused.status_code == 422
    assert 'href="#token"' in refused.text
    assert 'value="nothing.*"' in refused.text
    unknown = post(browser, "/me/tokens", token="A", scopes="nothing.*")
    assert 'href="#scopes"' in unknown.text


@pytest.mark.parametrize(("lang", "words"), [("fr", ["Mon espace", "Trésorerie"]), ("ar", ["أمانة المال"])])
def test_offices_have_words_and_the_holder_a_way_back(client, lang, words):
    browser = client("holder")
    browser.cookies.set("lang", lang)
    form = {"province": HERE, "name.fr": "T", "legal_form": "cooperative", "commune_code": "09.001.05.09"}
    path = post(browser, "/my/organisations/new", **form).headers["location"].removesuffix("#members")
    for office in ("treasurer", "Magasinière"):
        member = {"m.name": f"F. {office[:3]}", "m.sex": "woman", "m.birth_year": "1990", "m.office": office}
        post(browser, f"{path}/members", **member, version=version_in(page(browser, path)))
    html = page(browser, path)
    for said in [*words, "Magasinière", '<a class="back" href="/my">']:
        assert said in html
    assert "treasurer" not in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_holder_enters_her_organisation_then_its_members(client, lang):
    browser = client("holder")
    browser.cookies.set("lang", lang)
    begin = page(browser, "/my/organisations/new")
    chooser = begin[begin.index('name="province"') :]
    assert re.search(r"<option [^>]*>", chooser)[0] == '<option value="" selected>'  # none is presumed
    html = page(browser, f"/my/organisations/new?province={HERE}")
    assert 'name="commune_code"' in html
    assert "holder.name" not in html
    form = {
        "province": HERE,
        "name.fr": "Tamount",
        "name.ar": "",
        "legal_form": "cooperative",
        "commune_code": "",
    }
    refused = post(browser, "/my/organisations/new", **form, ice="12")
    assert refused.status_code == 422
    assert 'href="#commune_code"' in refused.text
    assert 'href="#ice"' in refused.text
    assert 'value="Tamount"' in refused.text
    nameless = post(
        browser, "/my/organisations/new", **form | {"name.fr": "", "commune_code": "09.001.05.09"}
    )
    assert 'href="#name.fr"' in nameless.text
    answer = post(
        browser, "/my/organisations/new", **form | {"commune_code": "09.001.05.09", "ice": "1" * 15}
    )
    path = answer.headers["location"].removesuffix("#members")
    html = page(browser, path)
    assert {"fr": "ICE à vérifier", "ar": "يجب التحقق من التعريف الموحد للمقاولة"}[lang] in html

    member = {"m.name": "Fadma", "m.sex": "woman", "m.birth_year": "٢٠٠٠", "m.office": "Présidente"}
    added = post(browser, f"{path}/members", **member, version=version_in(html))
    assert added.headers["location"] == f"{path}#members"
    html = page(browser, path)
    assert "Fadma" in html
    assert {"fr": "Bureau : <bdi>Fadma</bdi>", "ar": "المكتب المسير: <bdi>Fadma</bdi>"}[lang] in html
    late = post(browser, f"{path}/members", **member | {"m.name": "Zahra"}, version="1")
    assert late.status_code == 412
    assert 'value="Zahra"' in late.text
    wrong = post(
        browser, f"{path}/members", **{"m.name": "X", "m.birth_year": "1800"}, version=version_in(html)
    )
    assert wrong.status_code == 422
    assert 'href="#m.sex"' in wrong.text
    young = post(browser, f"{path}/members", **member | {"m.birth_year": "2025"}, version=version_in(html))
    assert 'href="#m.birth_year"' in young.text
    old = post(browser, f"{path}/members", **member | {"m.birth_year": "1890"}, version=version_in(html))
    bounds = [re.search(r'id="m.birth_year-error".*?<span>(.*?)</span>', one.text)[1] for one in (young, old)]
    assert bounds[0] == bounds[1]
    again = browser.get(f"{path}/members", headers=HTML, follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (303, f"{path}#members")

    assert not re.findall(r'action="[^"]+/remove"', html)  # asked before anything is done
    (remove,) = re.findall(r'href="([^"]+/remove)"', html)
    asked = page(browser, remove, lang)
    assert "Fadma" in asked
    assert f'action="{remove}"' in asked
    assert "Fadma" in page(browser, path)
    assert post(browser, remove, version="1").status_code == 412
    assert post(browser, remove, version=version_in(html)).status_code == 303
    assert '<p class="strong">Fadma' not in page(browser, path)


def test_an_organisation_is_corrected(client, world):
    browser, path = client("holder"), f"/organisations/{world.tifaout}"
    html = page(browser, path)
    form = {
        "name.fr": "Tifaout",
        "name.ar": "تيفاوت",
        "legal_form": "gie",
        "commune_code": "09.001.05.09",
        "created_on": "2019-05-02",
        "last_agm_on": "2018-05-02",
    }
    refused = post(browser, path, **form, version=version_in(html))
    assert refused.status_code == 422
    assert 'href="#last_agm_on"' in refused.text
    done = post(browser, path, **form | {"last_agm_on": ""}, version=version_in(html))
    assert done.headers["location"] == path
    assert "GIE" in page(browser, path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_officer_assists_and_lists(client, world, lang):
    browser = client("officer")
    browser.cookies.set("lang", lang)
    html = page(browser, "/my/organisations/new")
    assert "holder.name" in html
    form = {"province": HERE, "name.fr": "Agni", "legal_form": "sarl", "commune_code": "09.001.05.09"}
    refused = post(browser, "/my/organisations/new", **form, **{"holder.name": "", "holder.language": "ar"})
    assert 'href="#holder.name"' in refused.text
    form |= {"holder.name": "Fadma", "holder.phone": "", "holder.email": "", "holder.language": "ar"}
    assert post(browser, "/my/organisations/new", **form).status_code == 303
    listed = page(browser, "/organisations")
    assert "Agni" in listed
    found = page(browser, f"/organisations?q=agni&province={HERE}&form=sarl")
    assert "Agni" in found
    assert "Tifaout" not in found
    assert "Tifaout" not in page(browser, "/organisations?q=nothing&form=wrong")
    assert "Agni" not in page(client("stranger"), f"/organisations?province={THERE}")


def test_what_is_not_ones_own_is_not_found(client, world):
    for path in (f"/organisations/{world.rival_cooperative}", f"/admin/people/{world.rival.id}"):
        page(client("holder"), path, status=404)
    auditor = page(client("auditor"), f"/organisations/{world.tifaout}")
    assert "m.name" not in auditor
    assert post(client("auditor"), f"/organisations/{world.tifaout}/members", version="1").status_code == 422
    assert post(client("rival"), f"/organisations/{world.tifaout}", phone="", version="1").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_administrator_enters_people_and_keeps_roles(client, world, lang):
    browser = client("administrator")
    browser.cookies.set("lang", lang)
    assert "Officer" in page(browser, "/admin/people")
    assert "Stranger" not in page(browser, f"/admin/people?role=officer&province={HERE}&q=off")
    page(browser, "/admin/people/new")
    form = {
        "name": "Nadia",
        "email": "nadia@exemple.ma",
        "language": "fr",
        "password": "xyzzy",
        "role": "coach",
    }
    refused = post(browser, "/admin/people", **form)
    assert 'href="#password"' in refused.text
    assert "xyzzy" not in refused.text
    placeless = post(browser, "/admin/people", **form | {"password": ""})
    assert 'href="#province_code"' in placeless.text
    done = post(browser, "/admin/people", **form | {"password": given.PASSWORD, "province_code": HERE})
    path = done.headers["location"]
    assert post(browser, "/admin/people", name="Sans rôle", language="ar").status_code == 303
    assert 'href="#province_code"' in post(browser, f"{path}/grants", role="officer").text
    assert post(browser, f"{path}/grants", role="officer", province_code=HERE).status_code == 303
    html = page(browser, path)
    revoke = re.findall(r'action="([^"]+/revoke)"', html)
    assert len(revoke) == 2
    assert post(browser, revoke[0]).status_code == 303
    assert post(browser, f"{path}/disable").status_code == 303
    assert f"{path}/enable" in page(browser, path)
    assert post(browser, f"{path}/enable").status_code == 303
    own = f"/admin/people/{world.administrator.id}"
    refused = post(browser, f"{own}/disable")
    assert refused.status_code == 409
    (grant,) = re.findall(r'action="([^"]+/revoke)"', page(browser, own))
    assert post(browser, grant).status_code == 409


def test_others_read_people_without_the_means_to_change_them(client, world):
    html = page(client("auditor"), f"/admin/people/{world.coach.id}")
    assert "/grants" not in html
    assert "/disable" not in html
    assert post(client("auditor"), f"/admin/people/{world.coach.id}/disable").status_code == 403
    assert (
        post(client("auditor"), f"/admin/people/{world.coach.id}/grants", role="auditor").status_code == 403
    )


def test_lists_cost_the_same_for_any_number(client, world, statements):
    for path in ("/organisations", "/admin/people"):
        browser, counts = client("administrator"), set()
        for query in ("?q=t", ""):
            with statements() as sql:
                page(browser, path + query)
            counts.add(len(sql))
        assert len(counts) == 1, path


def test_the_next_page_keeps_the_filters(client, world):
    from backend.people.pages import admin

    for number in range(60):
        given.person(f"n{number}@exemple.ma")
    html = page(client("auditor"), "/admin/people?q=naciri")
    following = re.search(r'href="(/admin/people\?[^"]*cursor=[^"]+)"', html)[1].replace("&amp;", "&")
    assert "q=naciri" in following
    assert "Karim Naciri" in page(client("auditor"), following)
    assert admin.router.prefix == "/admin/people"
    with transaction(SYSTEM) as tx:
        assert len(queries.people(tx, text="naciri", limit=200).items) == 60


@pytest.mark.parametrize(
    ("path", "open_to", "closed_to"),
    [
        ("/admin/people", ("officer", "auditor", "administrator"), ("holder", "evaluator", "chair", "coach")),
        ("/admin/people/new", ("administrator",), ("holder", "officer", "auditor")),
        ("/organisations", ("holder", "officer", "administrator"), ("evaluator", "chair", "coach")),
        ("/messages", ("officer", "coordination"), ("holder", "evaluator", "chair", "coach")),
    ],
)
def test_a_list_is_refused_to_whoever_may_never_see_a_line_of_it(client, path, open_to, closed_to):
    for who in open_to:
        page(client(who), path)
    for who in closed_to:
        assert "n’ouvre pas cette page" in page(client(who), path, status=403)


@pytest.mark.parametrize(("given", "empty"), [("Tifaout", "name.ar"), ("تيفاوت", "name.fr")])
def test_a_name_given_in_one_language_is_not_offered_as_its_own_translation(client, world, given, empty):
    browser, path = client("holder"), f"/organisations/{world.tifaout}"
    form = {"name.fr": given, "name.ar": "", "legal_form": "gie", "commune_code": "09.001.05.09"}
    post(browser, path, **form, version=version_in(page(browser, path)))
    html = page(browser, path)
    assert f'value="{given}"' in html
    (field,) = re.findall(rf'<input [^>]*id="{empty}"[^>]*>', html)
    assert 'value=""' in field


def test_a_password_is_not_said_to_be_kept(client):
    refused = post(client(None), "/register", name="", email="x", password="secret-secret", language="fr")
    assert "est gardé, sauf le mot de passe" in refused.text
    assert "secret-secret" not in refused.text


@pytest.mark.parametrize(
    ("who", "path", "title"),
    [
        ("officer", "/organisations", "2 organisations dans votre province"),
        ("holder", "/organisations", "1 organisation que vous représentez"),
        ("auditor", "/organisations", "2 organisations dans le pays"),
        ("officer", "/organisations?q=tifaout", "1 organisation correspond à votre recherche"),
        (
            "administrator",
            f"/admin/people?role=auditor&province={THERE}",
            "0 personne correspond à votre recherche",
        ),
    ],
)
def test_the_title_of_a_list_says_how_many(client, who, path, title):
    assert f"<h1>{title}" in page(client(who), path)


def test_the_title_of_the_people_counts_those_she_may_see(client):
    for who, words in (
        ("officer", r"(\d+) personnes dans votre province"),
        ("auditor", r"(\d+) personnes ins"),
    ):
        html = page(client(who), "/admin/people")
        assert int(re.search(words, html)[1]) == html.count('<th scope="row"')


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_is_there_already_is_entered_again_only_when_said(client, lang):
    browser = client("holder")
    browser.cookies.set("lang", lang)
    form = {"province": HERE, "name.fr": "T", "legal_form": "cooperative", "commune_code": "09.001.05.09"}
    path = post(browser, "/my/organisations/new", **form).headers["location"].removesuffix("#members")
    member = {"m.name": "Fadma", "m.sex": "woman", "m.birth_year": "1990"}
    assert post(browser, f"{path}/members", **member, version="1").status_code == 303
    html = page(browser, path)
    assert 'name="m.distinct"' not in html
    twice = post(browser, f"{path}/members", **member | {"m.name": "FADMA"}, version=version_in(html))
    assert twice.status_code == 422
    assert 'name="m.distinct"' in twice.text
    two = member | {"m.name": "FADMA", "m.distinct": "1"}
    assert post(browser, f"{path}/members", **two, version=version_in(html)).status_code == 303


@pytest.mark.parametrize(
    ("asked", "target"),
    [("/my/applications/new?call=oasis", "/my/applications/new?call=oasis"), ("//evil.example", None)],
)
def test_registering_from_a_call_keeps_the_call(client, asked, target):
    browser = client("holder")
    html = browser.get("/my/organisations/new", params={"next": asked, "province": HERE}, headers=HTML).text
    assert (f'name="next" value="{asked}"' in html) == bool(target)
    form = {"province": HERE, "name.fr": "T", "legal_form": "cooperative", "commune_code": "09.001.05.09"}
    again = post(browser, "/my/organisations/new", **form | {"name.fr": "", "next": asked})
    assert (f'name="next" value="{asked}"' in again.text) == bool(target)
    location = post(browser, "/my/organisations/new", **form, next=asked).headers["location"]
    assert location == target if target else location.startswith("/organisations/")


def test_the_page_of_a_call_sends_on_to_register_with_the_call(client):
    given.registered("nouvelle@exemple.ma")
    browser = client(None)
    post(browser, "/sign-in", email="nouvelle@exemple.ma", password=given.PASSWORD)
    html = page(browser, "/my/applications/new?call=oasis-2026")
    (link,) = re.findall(r'href="(/my/organisations/new[^"]*)"', html)
    assert 'name="next" value="/my/applications/new?call=oasis-2026"' in page(browser, link)
