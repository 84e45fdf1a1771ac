"""Does the project hold? The holder sees it as she types, the evaluator once she marked, the officer last."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import update

from tests.applications import given as applications
from tests.applications.test_viability import PLAN
from tests.journeys.reader import PATIENCE, Reader, plain
from tests.journeys.site import Site
from tests.reviews import given

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def _with_plan(application_id: UUID) -> None:
    from backend.applications.models import Application
    from backend.core.actor import SYSTEM
    from backend.core.tx import transaction

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        content: dict[str, Any] = {**applications.CONTENT, "plan": PLAN}
        row = update(Application).where(Application.id == application_id)
        tx.session.execute(row.values(content=content))


def _opens_a_figure(reader: Reader, name: str) -> Locator:
    """One figure of the study, opened: its formula, what enters it, its fields."""
    figure = reader.page.locator("details.figure", has_text=reader.words(name)).first
    figure.locator("summary").click()
    expect(figure.locator("p").first).to_be_visible(timeout=PATIENCE)
    return figure


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_price_typed_moves_the_study(site: Site, lang: str) -> None:
    site.everybody_reads(lang)
    dossier = applications.filled(site.world, plan=PLAN)
    holder = site.reader("holder", lang, phone=True).goes_to(f"/applications/{dossier.id}/plan")
    panel = holder.page.locator("#viability-live")
    before = panel.inner_text()
    price = holder.page.locator("[id='products.0.price_centimes']")
    price.fill("61")
    price.press("Tab")
    expect(panel).not_to_have_text(before, use_inner_text=True, timeout=3 * PATIENCE)
    holder.is_well()
    holder.goes_to(f"/applications/{dossier.id}/viability").is_well()
    figure = _opens_a_figure(holder, "viability.figure.npv_with")
    said = plain(figure.inner_text())
    assert holder.words("viability.formula.npv_with") in said
    figure.locator("a[href='#inputs-products']").click()
    holder.page.locator("#inputs a[href*='/plan#products']").first.click()
    holder.page.wait_for_url(lambda url: f"/applications/{dossier.id}/plan" in url)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_evaluator_marks_first_and_the_officer_reads_what_was_deposited(site: Site, lang: str) -> None:
    site.everybody_reads(lang)
    made = given.opened(site.world)
    _with_plan(made.application_id)
    reader = site.reader("evaluator", lang).goes_to(f"/reviews/{made.id}")
    reader.sees("Le modèle financier s’ouvre quand vous avez noté vous-même :")
    button = reader.page.locator(f"form[action='/reviews/{made.id}/viability'] button")
    assert button.count() == 0
    assert reader.page.locator(f"a[href='/reviews/{made.id}#marks.viability']").count() == 1
    opened = reader.page.locator("details.criterion", has=reader.page.locator("[id='marks.viability']"))
    opened.evaluate("e => { e.open = true; }")
    opened.locator("input[type=radio][value='3']").check()
    with reader.page.expect_navigation():
        reader.page.locator("button[name=act][value=save]").click()
    expect(button).to_be_visible(timeout=PATIENCE)
    with reader.page.expect_navigation():
        button.click()
    reader.reads_title("Le projet tient-il ?").is_well()
    figure = _opens_a_figure(reader, "viability.figure.break_even")
    places = figure.locator("a").evaluate_all("e => e.map(one => one.getAttribute('href').split('#')[0])")
    assert set(places) == {"", f"/reviews/{made.id}"}  # she reads the dossier where she judges it
    officer = site.reader("officer", lang).goes_to(f"/das/applications/{made.application_id}/viability")
    officer.is_well()
    assert officer.page.locator("table.cash").count() == 3
