"""Pages: the holder's way from nothing to a receipt, the officer's screening, without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.applications import commands
from backend.applications.forms import documents_asked
from backend.applications.models import Application, ApplicationState
from backend.applications.schemas import SECTIONS, WRITTEN
from backend.applications.terms import terms
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_commands import TOO_MUCH

HTML = {"accept": "text/html"}
PLAN = {
    "products": [{"name": "Huile", "unit": "litre", "price_centimes": 40_000, "monthly_quantity": 60}],
    "fixed_centimes": 300_000,
    "customers_days": 30,
}


def kept(application: Any) -> Application:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Application, application.id)


def get(browser: Any, path: str, status: int = 200, lang: str = "fr") -> str:
    answer = browser.get(
        path, headers=HTML, params={"lang": lang} if "?" not in path else None, follow_redirects=False
    )
    assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
    text: str = answer.text
    assert not re.search(
        r"(problem|state|verb|event|enum|field|nav|fact|rule)\.[a-z_]+[.a-z_]*", visible(text)
    ), visible(text)
    return text


def visible(html: str) -> str:
    """The words of the page's own part (the navigation is everybody's)."""
    return re.sub(r"<[^>]+>", " ", html[html.find("<main") :])


def post(browser: Any, path: str, status: int = 303, **fields: Any) -> Any:
    answer = browser.post(path, data=fields, headers=HTML, follow_redirects=False)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
    return answer


def form_of(section: str, application: Any) -> dict[str, Any]:
    """What a browser would send for the good content."""
    from backend.applications.forms import stored_values

    data = given.content(documents=given.documents(call_of(application)), plan=PLAN)[section]
    values: dict[str, Any] = {k: v for k, v in stored_values(data, "fr").items() if v}
    if section == "declarations":
        values["accepted"] = values["accepted"].split()
    return values | {"version": str(kept(application).version)}


def call_of(application: Any) -> Call:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Call, application.call_id)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_page_of_a_holder_shows(world: Any, client: Any, lang: str) -> None:
    call = given.open_call(world)
    browser = client("holder")
    get(browser, "/my", lang=lang)
    get(browser, "/my/applications/new", lang=lang)
    made = given.draft(world, call)
    for page in ("", "/check", "/withdraw", *(f"/{section}" for section in SECTIONS)):
        get(browser, f"/applications/{made.id}{page}", lang=lang)
    given.filled(world, call)
    for page in ("", "/check", *(f"/{section}" for section in SECTIONS)):
        get(browser, f"/applications/{made.id}{page}", lang=lang)
    get(browser, "/my", lang=lang)
    get(browser, f"/applications/{made.id}/receipt", 303)
    with transaction(world.holder) as tx:
        commands.submit(tx, made.id)
    get(browser, f"/applications/{made.id}", lang=lang)
    get(browser, f"/applications/{made.id}/receipt", lang=lang)
    get(browser, f"/applications/{made.id}/budget", lang=lang)  # she may change it until the call closes


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_page_of_an_officer_shows(world: Any, client: Any, lang: str) -> None:
    call = given.open_call(world)
    good, bad = given.submitted(world, call), given.submitted(world, call, "rival", financing=TOO_MUCH)
    browser = client("officer")
    here = f"/das/calls/{call.id}"
    get(browser, f"{here}/applications", lang=lang)
    get(browser, f"{here}/screening", lang=lang)
    get(browser, f"/das/applications/{good.id}", lang=lang)
    get(browser, f"/das/applications/{bad.id}", lang=lang)
    assert "Tifaout" not in get(browser, f"{here}/applications?rule=indh_amount")
    assert "Tifaout" in get(browser, f"{here}/applications?q=TIFAOUT&state=submitted&sector=agriculture")
    post(browser, f"{here}/screening")
    get(browser, f"{here}/applications", lang=lang)
    get(browser, f"/das/applications/{bad.id}", lang=lang)
    get(client("rival"), f"/applications/{bad.id}", lang=lang)
    get(client("holder"), f"/applications/{good.id}", lang=lang)


def test_from_nothing_to_a_receipt(world: Any, client: Any) -> None:
    call = given.open_call(world)
    browser = client("holder")
    started = post(browser, "/my/applications", call_id=str(call.id), organisation_id=str(world.tifaout))
    path = started.headers["location"]
    made = given.draft(world, call)
    assert path == f"/applications/{made.id}"
    for section in WRITTEN:
        assert (
            post(browser, f"{path}/{section}", **form_of(section, made)).headers["location"].startswith(path)
        )
    papers = given.documents(call)["provided"]
    for one in papers:
        post(client("officer"), f"{path}/papers", code=one["code"])
    assert "prêt à être déposé" in get(browser, f"{path}/check")
    assert kept(made).content == given.content(documents={"provided": papers}, plan=PLAN)
    assert post(browser, f"{path}/submit").headers["location"] == f"{path}/receipt"
    assert post(browser, f"{path}/submit").headers["location"] == f"{path}/receipt"
    code = kept(made).receipt_code
    assert code
    assert code in get(browser, f"{path}/receipt")
    nobody = client(None)
    assert "authentique" in get(nobody, f"/receipts?code={code.lower()}")
    get(nobody, "/receipts")
    assert nobody.get(f"/receipts/{code}", headers=HTML, follow_redirects=False).status_code == 303
    assert "mal recopié" in get(nobody, "/receipts?code=ABC", 404)


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", "Tel quel, le dossier sera refusé"), ("ar", "سيرفض الملف إذا بقي على حاله")]
)
def test_a_dossier_that_a_rule_refuses_says_so_before_the_deposit(
    world: Any, client: Any, lang: str, words: str
) -> None:
    made = given.filled(world, given.open_call(world), financing=TOO_MUCH)
    browser = client("holder")
    html = get(browser, f"/applications/{made.id}/check", lang=lang)
    assert f"<h1>{words}</h1>" in html
    tasks = get(browser, f"/applications/{made.id}", lang=lang)
    (item,) = re.findall(r'<li class="is-fix">.*?</li>', tasks, re.DOTALL)
    assert f"/applications/{made.id}/financing" in item or f"/applications/{made.id}/budget" in item


def test_a_section_that_a_rule_refuses_is_not_counted_complete(world: Any, client: Any) -> None:
    made = given.filled(world, given.open_call(world), financing=TOO_MUCH)
    tasks = get(client("holder"), f"/applications/{made.id}")
    assert "8 sur 9" in tasks
    (step,) = re.findall(r'<section class="next-step".*?</section>', tasks, re.DOTALL)
    assert "Corriger" in step
    assert "Tel quel, le dossier sera refusé" in tasks
    assert f'href="/applications/{made.id}/check"' in tasks  # it may still be deposited
    post(client("holder"), f"/applications/{made.id}/project", version=str(made.version), sector="fishing")
    tasks = get(client("holder"), f"/applications/{made.id}")
    items = "".join(re.findall(r'<li class="is-fix">.*?</li>', tasks, re.DOTALL))
    assert f"/applications/{made.id}/project" in items  # begun, and refused already


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_communes_come_by_their_names(world: Any, client: Any, lang: str) -> None:
    made = given.draft(world, given.open_call(world))
    html = get(client("holder"), f"/applications/{made.id}/location", lang=lang)
    names = re.findall(r'<option value="\d\d\.[\d.]+"[^>]*>([^<]+)<', html)
    assert len(names) > 5
    assert names == sorted(names)


def test_a_late_deposit_says_so_and_keeps_the_draft(world: Any, client: Any) -> None:
    made = given.filled(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = tx.session.get_one(Call, made.call_id)
        call.closes_at = tx.now - timedelta(seconds=1)
    browser = client("holder")
    answer = post(browser, f"/applications/{made.id}/submit", 409)
    assert "heure du serveur" in answer.text
    assert kept(made).state is ApplicationState.DRAFT
    assert "clos" in get(browser, f"/applications/{made.id}")
    get(browser, "/my")
    other = {"call_id": str(made.call_id), "organisation_id": str(world.tifaout)}
    assert post(browser, "/my/applications", **other).headers["location"] == f"/applications/{made.id}"
    other["organisation_id"] = str(world.rival_cooperative)
    post(client("rival"), "/my/applications", 409, **other)
    post(browser, "/my/applications", 404, call_id="x", organisation_id="y")


def test_saving_once_it_is_judged_gives_the_words_back(world: Any, client: Any) -> None:
    made = given.eligible(world)
    answer = post(
        client("holder"), f"/applications/{made.id}/project", 409, version=str(made.version), title="Autre"
    )
    assert 'value="Autre"' in answer.text


def test_withdrawing(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    post(browser, f"/applications/{made.id}/withdraw")
    assert "abandonné" in get(browser, f"/applications/{made.id}")
    get(browser, f"/applications/{made.id}/withdraw", 303)


def test_another_sees_nothing(world: Any, client: Any) -> None:
    made = given.draft(world)
    for name in ("rival", "officer", "auditor", "evaluator"):
        browser = client(name)
        for page in ("", "/check", "/receipt", "/withdraw", "/project"):
            get(browser, f"/applications/{made.id}{page}", 404)
        post(browser, f"/applications/{made.id}/project", 404, version="1", title="x")
        post(browser, f"/applications/{made.id}/submit", 404)
        get(browser, f"/das/applications/{made.id}", 404)


def test_what_is_left_is_told_and_only_papers_that_must_come_are_counted(world: Any, client: Any) -> None:
    call = given.open_call(world)
    made = given.draft(world, call)
    browser = client("holder")
    for path in ("/my", f"/applications/{made.id}", f"/applications/{made.id}/check"):
        text = visible(get(browser, path))
        assert re.search(r"Il reste \S+ jours? pour déposer", text), path
        assert not re.search(r"[Dd]épôt\s+dans", text), path
    papers = documents_asked(terms(call_of(made)).file, "cooperative")
    total = sum(one.required for one in papers)
    assert total < len(papers)
    text = visible(get(browser, f"/applications/{made.id}"))
    assert re.search(rf"\b0 pièce sur {total}\b", text)
