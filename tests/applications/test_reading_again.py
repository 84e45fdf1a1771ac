"""Before depositing, every answer is read again on one page, each section with the way to change it."""

import re
from html import unescape
from typing import Any

import pytest

from tests.applications import given
from tests.applications.test_pages import get

PLAN = {
    "products": [
        {
            "name": "Huile",
            "unit": "litre",
            "price_centimes": 35_000,
            "monthly_quantity": 120,
            "variable_cost_centimes": 18_000,
            "ramp_months": 3,
            "growth_bp": 525,
        }
    ],
    "fixed_centimes": 150_000,
    "start_month": 4,
}
FINANCING = {
    "indh_centimes": 24_000_000,
    "own_cash_centimes": 6_000_000,
    "own_in_kind_centimes": 6_000_000,
    "in_kind_note": "Loyer de trois ans",
    "partners": [{"name": "Commune de Drargua", "amount_centimes": 4_000_000}],
}
BUDGET = {
    "lines": [
        {
            "label": "Presse",
            "kind": "investment",
            "quantity": 2,
            "unit_price_centimes": 15_000_000,
            "supplier": "Atlas Machines",
            "quote": "D-17",
            "life_years": 8,
        },
        {"label": "Local", "kind": "investment", "amount_centimes": 10_000_000},
    ]
}


def read(page: str) -> str:
    """What one reads, without the markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_answer_is_there_with_the_way_to_change_it(world: Any, client: Any, lang: str) -> None:
    made = given.filled(world, plan=PLAN, financing=FINANCING, budget=BUDGET)
    home = f"/applications/{made.id}"
    page = get(client("holder"), f"{home}/check", lang=lang)
    sections = "organisation members project location budget financing plan results documents declarations"
    for section in sections.split():
        part = page.split(f'id="said-{section}"')[1].split("</section>")[0]
        assert f'href="{home}/{section}"' in part, section
    said = read(page.split('id="said"')[1])
    for text in ("Presser et mettre en bouteille", "Atlas Machines", "D-17", "Loyer de trois ans", "Huile"):
        assert text in said
    assert "Commune de Drargua" in said
    assert said.count({"fr": "acceptée", "ar": "مقبول"}[lang]) == 3
    assert "5,25" in said
    assert {"fr": "avril", "ar": "أبريل"}[lang] in said


def test_what_is_missing_leads_to_its_field(world: Any, client: Any) -> None:
    made = given.filled(world, location={}, budget={"lines": [{"label": "Presse"}]})
    home = f"/applications/{made.id}"
    page = get(client("holder"), f"{home}/check", lang="fr")
    assert f'href="{home}/location#commune"' in page
    assert "à remplir" in page.split('id="said-budget"')[1]


def test_nothing_is_to_be_changed_by_who_may_only_read(world: Any, client: Any) -> None:
    made = given.filled(world)
    home = f"/applications/{made.id}"
    assert 'id="said-project"' in get(client("holder"), f"{home}/check", lang="fr")
    assert client("rival").get(f"{home}/check").status_code == 404


def test_who_judges_reads_what_the_amounts_rest_on(world: Any, client: Any) -> None:
    """Quantities and quotes, partners, how the contribution in kind is valued, the terms of the loan."""
    financing = FINANCING | {
        "own_cash_centimes": 3_000_000,
        "loan_centimes": 3_000_000,
        "loan_rate_bp": 525,
        "loan_months": 36,
    }
    line = BUDGET["lines"][0] | {"supplier": "Atlas Mécanique", "quote": "D-2026/17"}
    made = given.submitted(world, budget={"lines": [line]}, financing=financing)
    page = get(client("officer"), f"/das/applications/{made.id}")
    for said in (
        "Atlas Mécanique",
        "D-2026/17",
        "Quantité",
        "Loyer de trois ans",
        "Commune de Drargua",
        "5,25",
    ):
        assert said in page, said
    assert "36" in page[page.index("Durée du prêt") :][:200]
