"""The study of a dossier's plan: on her page as she writes, over JSON, before the officer as deposited."""

import gzip
import re
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from backend.applications import commands, viability_inputs
from backend.applications.models import Application
from backend.applications.schemas import WRITTEN
from backend.calls.models import Call
from backend.core.tx import transaction
from tests.applications import given

PLAN: dict[str, Any] = {
    "products": [
        {
            "name": "Huile",
            "unit": "litre",
            "price_centimes": 10_000,
            "monthly_quantity": 100,
            "variable_cost_centimes": 6_000,
            "season": [100] * 12,
            "ramp_months": 2,
            "growth_bp": 500,
        }
    ],
    "fixed_centimes": 100_000,
    "wages_centimes": 150_000,
    "customers_days": 30,
    "suppliers_days": 15,
    "stock_days": 15,
    "start_month": 3,
}


@pytest.fixture
def draft(world: Any) -> Application:
    return given.filled(world, plan=PLAN)


def _page(browser: Any, path: str, lang: str = "fr") -> str:
    browser.cookies.set("lang", lang)
    found = browser.get(path)
    assert found.status_code == 200, found.text
    return str(found.text).replace("\u00a0", " ")


def _field(draft: Application, browser: Any, field: str, value: Any, section: str = "plan") -> dict[str, Any]:
    change = {"id": str(uuid4()), "section": section, "field": field, "was": None, "value": value}
    found = browser.patch(f"/api/v1/applications/{draft.id}/fields", json={"changes": [change]})
    assert found.status_code == 200, found.text
    result: dict[str, Any] = found.json()["results"][0]
    return result


def _kept(world: Any, draft: Application) -> dict[str, Any]:
    with transaction(world.people["holder"]) as tx:
        content: dict[str, Any] = tx.session.get_one(Application, draft.id).content
        return content


def test_her_page_says_whether_it_holds(draft: Application, client: Any) -> None:
    for lang, title in (("fr", "Votre projet tient-il ?"), ("ar", "هل مشروعكم قابل للاستمرار؟")):
        page = _page(client("holder"), f"/applications/{draft.id}/viability", lang)
        assert title in page
        assert 'class="cash"' in page
        assert f"/applications/{draft.id}/plan#products.0.price_centimes" in page
        assert 'class="tornado' in page or "tornado" in page
        assert len(gzip.compress(page.encode())) < 40_000


def test_what_is_missing_is_linked(world: Any, client: Any) -> None:
    draft = given.draft(world)
    page = _page(client("holder"), f"/applications/{draft.id}/viability")
    assert "Il manque des réponses pour le dire" in page
    assert f"/applications/{draft.id}/plan#rows" in page
    assert f"/applications/{draft.id}/budget#rows" in page
    assert 'class="cash"' not in page


def test_over_json(draft: Application, client: Any, world: Any) -> None:
    found = client("holder").get(f"/api/v1/applications/{draft.id}/viability").json()
    study = found["study"]
    assert found["missing"] == []
    assert study["simulation"]["draws"] == 1000
    worth = next(one for one in study["figures"] if one["key"] == "npv_with")
    assert "plan.products.0.price_centimes" in worth["fields"]
    assert worth["formula"]
    sums = {row["code"]: row["amounts_centimes"] for row in study["rows"]}
    assert sums["net"][0] == sum(sums[code][0] for code in sums if code not in BALANCED)
    for nobody in ("officer", "stranger", "evaluator", "rival", "chair", "coach"):
        assert client(nobody).get(f"/api/v1/applications/{draft.id}/viability").status_code == 404


def test_the_panel_follows_what_is_typed(draft: Application, client: Any) -> None:
    holder = client("holder")
    for section in ("plan", "budget", "financing"):
        assert 'id="viability-live"' in _page(holder, f"/applications/{draft.id}/{section}")
    assert 'id="viability-live"' not in _page(holder, f"/applications/{draft.id}/results")
    _field(draft, holder, "fixed_centimes", "9 000")
    part = holder.get(f"/applications/{draft.id}/plan", headers={"HX-Request-Type": "partial"}).text
    assert 'id="viability-live"' in part
    assert "<html" not in part
    assert len(re.findall('<li class="(?:no|waiting|ok)">', part)) == 3


def test_the_season_is_kept_month_by_month(world: Any, client: Any) -> None:
    draft = given.draft(world)
    holder = client("holder")
    assert _field(draft, holder, "products.0.season.2", "١٥٠")["status"] == "kept"
    assert _field(draft, holder, "products.0.season.0", "0")["status"] == "kept"
    assert _kept(world, draft)["plan"]["products"][0]["season"] == [0, None, 150, *[None] * 9]
    for value, code in (
        ("1001", "less_than_equal"),
        ("-5", "greater_than_equal"),
        ("beaucoup", "int_parsing"),
    ):
        told = _field(draft, holder, "products.0.season.3", value)
        assert told["status"] == "refused"
        assert told["errors"][0]["field"] == "products.0.season.3"
        assert told["errors"][0]["code"] == code
    assert _field(draft, holder, "products.0.season.12", "5")["status"] == "refused"
    assert _field(draft, holder, "products.0.price_centimes.1", "5")["status"] == "refused"
    page = _page(holder, f"/applications/{draft.id}/viability")
    assert f"/applications/{draft.id}/plan#products.0.season" in page
    assert "history" in _page(holder, f"/applications/{draft.id}/plan")
    for lang in ("fr", "ar"):
        assert "150" in _page(holder, f"/applications/{draft.id}/history?section=plan", lang)


def test_an_emptied_season_says_nothing(world: Any, client: Any) -> None:
    draft = given.draft(world)
    holder = client("holder")
    _field(draft, holder, "products.0.name", "Miel")
    _field(draft, holder, "products.0.season.2", "150")
    change = {"id": str(uuid4()), "section": "plan", "field": "products.0.season.2", "was": 150, "value": ""}
    holder.patch(f"/api/v1/applications/{draft.id}/fields", json={"changes": [change]})
    assert _kept(world, draft)["plan"]["products"] == [{"name": "Miel"}]


def test_the_form_without_javascript(draft: Application, client: Any, world: Any) -> None:
    holder = client("holder")
    form = {"version": str(draft.version), "products.0.name": "Miel", "products.0.price_centimes": "100"}
    form |= {f"products.0.season.{month}": "120" for month in range(12)}
    form |= {
        "products.0.growth_bp": "2,5",
        "products.0.ramp_months": "3",
        "start_month": "9",
        "stock_days": "20",
    }
    sent = holder.post(f"/applications/{draft.id}/plan", data=form, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    plan = _kept(world, draft)["plan"]
    assert plan["products"][0]["season"] == [120] * 12
    assert (plan["start_month"], plan["stock_days"], plan["products"][0]["growth_bp"]) == (9, 20, 250)
    page = _page(holder, f"/applications/{draft.id}/plan")
    assert 'name="products.0.season.11"' in page
    again = {**form, "version": str(_version(world, draft)), "remove": "0.season"}
    assert (
        holder.post(f"/applications/{draft.id}/plan", data=again, follow_redirects=False).status_code == 303
    )
    assert "season" not in _kept(world, draft)["plan"]["products"][0]
    wrong = {**form, "version": str(_version(world, draft)), "products.0.season.4": "x", "stock_days": "400"}
    found = holder.post(f"/applications/{draft.id}/plan", data=wrong)
    assert found.status_code == 422
    assert "#products.0.season.4" in found.text


def _version(world: Any, draft: Application) -> int:
    with transaction(world.people["holder"]) as tx:
        return tx.session.get_one(Application, draft.id).version


BALANCED = {"net", "net_without", "cash", "cash_without"}


@pytest.mark.parametrize(
    ("section", "content", "words"),
    [
        ("plan", {"products": [{"price_centimes": 1, "monthly_quantity": 1, "variable_cost_centimes": 1,
                                "season": [100, 100]}]}, "plan#products.0.season"),
        ("financing", {"loan_centimes": 1_000_000}, "financing#loan_rate_bp"),
        ("financing", {"loan_centimes": 100, "loan_rate_bp": 500, "loan_months": 12, "loan_grace_months": 12},
         "financing#loan_grace_months"),
        ("budget", {"lines": [{"label": "Four", "kind": "investment"}]},
         "budget#lines.0.unit_price_centimes"),
        ("budget", {"lines": [{"label": "Four", "kind": "investment", "amount_centimes": 10,
                               "salvage_centimes": 20}]}, "budget#lines.0.salvage_centimes"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_by_its_field(
    world: Any, client: Any, section: str, content: dict[str, Any], words: str
) -> None:
    draft = given.filled(world, **{"plan": PLAN, section: content})
    for lang in ("fr", "ar"):
        page = _page(client("holder"), f"/applications/{draft.id}/viability", lang)
        assert f"/applications/{draft.id}/{words}" in page
        assert 'class="cash"' not in page


def test_a_loan_beyond_the_horizon_is_a_note(world: Any, client: Any) -> None:
    loan = {"loan_centimes": 1_000_000, "loan_rate_bp": 500, "loan_months": 120, "loan_grace_months": 6}
    draft = given.filled(world, plan=PLAN, financing={**given.CONTENT["financing"], **loan})
    found = client("holder").get(f"/api/v1/applications/{draft.id}/viability").json()
    assert [(one["code"], one["note"]) for one in found["faults"]] == [("loan_beyond_horizon", True)]
    assert found["study"]


def test_the_officer_reads_what_was_deposited(world: Any, client: Any) -> None:
    dossier = given.submitted(world, plan=PLAN)
    page = _page(client("officer"), f"/das/applications/{dossier.id}/viability")
    assert "Le projet tient-il ?" in page
    assert "#products.0.price_centimes" not in page
    for lang in ("fr", "ar"):
        whole = _page(client("officer"), f"/das/applications/{dossier.id}", lang)
        assert f"/das/applications/{dossier.id}/viability" in whole
        assert 'id="plan"' in whole
        assert "Huile" in whole
    with transaction(world.people["holder"]) as tx:
        commands.save_section(
            tx, dossier.id, "plan", WRITTEN["plan"].model_validate({**PLAN, "fixed_centimes": 99}), None
        )
    assert _page(client("officer"), f"/das/applications/{dossier.id}/viability") == page
    assert client("holder").get(f"/das/applications/{dossier.id}/viability").status_code in (403, 404)
    mine = client("holder").get(f"/api/v1/applications/{dossier.id}/viability").json()
    theirs = client("officer").get(f"/api/v1/applications/{dossier.id}/viability").json()
    assert mine != theirs


def test_constant_statements(world: Any, client: Any, statements: Any) -> None:
    small = given.filled(world, plan=PLAN)
    holder = client("holder")
    holder.get(f"/applications/{small.id}/viability")
    with statements() as few:
        holder.get(f"/applications/{small.id}/viability")
    with transaction(world.people["holder"]) as tx:
        plan = {**PLAN, "products": PLAN["products"] * 10}
        commands.save_section(tx, small.id, "plan", WRITTEN["plan"].model_validate(plan), None)
    with statements() as many:
        holder.get(f"/applications/{small.id}/viability")
    assert len(few) == len(many) <= 8


def test_closed_figures_say_the_worst_year_and_that_there_is_none(draft: Application, client: Any) -> None:
    page = client("holder").get(f"/applications/{draft.id}/viability").text
    closed = re.findall(r"<details class=\"figure\"><summary><span>(.*?)</span><b>(.*?)</b>", page)
    assert closed
    assert all(value not in ("", "–") for _, value in closed)


def test_the_worst_year_of_a_debt_is_the_lowest() -> None:
    from dataclasses import replace

    from backend.applications.viability_shown import yearly
    from backend.viability.plan import Financing, Loan
    from backend.viability.study import study
    from tests.viability.given import DH, OIL

    plan = replace(OIL, financing=Financing(loan=Loan(60_000 * DH, 800, 24)))
    found = study(plan, draws=0)
    (dscr,) = (one for one in yearly(found, "fr") if one.key == "dscr")
    known = {n: found.figure("dscr", n).value for n in range(1, 6)}
    lowest = min((value, n) for n, value in known.items() if value is not None)[1]
    assert dscr.worst == (lowest, dscr.values[lowest - 1])


def test_many_places_of_the_dossier_are_told_together(draft: Application, client: Any) -> None:
    """Not a list of every line under every figure."""
    page = client("holder").get(f"/applications/{draft.id}/viability").text
    told = re.findall(r"<p class=\"note sources\">(.*?)</p>", page, re.DOTALL)
    assert told
    assert max(text.count("Produit 1") for text in told) <= 3
    assert any(re.search(r"(Produits|Lignes du budget)\s:\s\d+\sréponses", text) for text in told), told


def test_every_figure_leads_to_an_answer_and_tells_it(world: Any, client: Any) -> None:
    """Each link of a study leads to an answer of the dossier where it is read; the study tells it too."""
    loan = {"loan_centimes": 1_000_000, "loan_rate_bp": 525, "loan_months": 36, "loan_grace_months": 6}
    dossier = given.submitted(world, plan=PLAN, financing={**given.CONTENT["financing"], **loan})
    home, officer = f"/das/applications/{dossier.id}", client("officer")
    for lang in ("fr", "ar"):
        study = _page(officer, f"{home}/viability", lang)
        led_somewhere(home, study, _page(officer, home, lang))
    assert "5,25 %" in _page(officer, f"{home}/viability")
    assert "Le dire" not in _page(officer, f"{home}/viability")  # who reads is not asked


def led_somewhere(home: str, study: str, dossier: str) -> None:
    """Links of a study to its dossier, and within itself, lead to something that is there."""
    led = set(re.findall(rf'href="{home}#([^"]+)"', study))
    assert {"plan.products.0.price_centimes", "plan.products.0.season", "plan.stock_days", "members"} <= led
    assert led <= set(re.findall('id="([^"]+)"', dossier))
    here = set(re.findall('href="#(inputs-[^"]+)"', study))
    assert here
    assert here <= set(re.findall('id="([^"]+)"', study))


def test_the_draws_are_drawn_and_paper_is_opened(draft: Application, client: Any) -> None:
    path = f"/applications/{draft.id}/viability"
    page = _page(client("holder"), path)
    assert "dans 8 cas sur 10, entre" in page
    assert page.count('class="spread"') == 2
    assert "<style" not in page
    assert ' style="' not in page
    open_ = _page(client("holder"), f"{path}?open=all")
    assert not re.search('<details class="figure">', open_)
    tables = re.findall('<table class="cash">.*?</thead>', open_, re.DOTALL)
    assert [table.count('<th scope="col" class="num">') for table in tables] == [6, 13, 12]


@pytest.mark.parametrize(
    ("season", "told"), [([0] * 12, "Les douze mois"), ([0, None, 150], "Il reste 10 mois")]
)
def test_a_season_that_cannot_be_meant_is_said_beside_it(
    world: Any, client: Any, season: list[int | None], told: str
) -> None:
    product = {**PLAN["products"][0], "season": season}
    draft = given.filled(world, plan={**PLAN, "products": [product]})
    holder, path = client("holder"), f"/applications/{draft.id}/plan"
    for headers in ({}, {"HX-Request-Type": "partial"}):
        said = re.findall(
            'id="products.0.season-hint"[^>]*>(.*?)</p>', holder.get(path, headers=headers).text
        )
        assert [told in one for one in said] == [True]


def test_a_rate_leads_to_the_call_that_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    finance = SimpleNamespace(discount_rate=Fraction(8, 100), inflation=None)
    said = SimpleNamespace(file=SimpleNamespace(finance=finance))
    monkeypatch.setattr(viability_inputs, "terms", lambda _call: said)
    way = viability_inputs.read_at("/das/applications/1", Call(code="tiznit"))
    assert way("call.discount_bp") == "/calls/tiznit#rates"
    assert way("call.inflation_bp") == "", "assumed by the study: no page says it"
