"""The business plan of a generated project: what is sold, when, at what cost; some hold, some do not.

Prices are orders of magnitude, made for a plausible demonstration and not taken from any study. How well a
plan holds follows the latent quality that evaluators will see in it.
"""

from random import Random
from typing import Any, NamedTuple

from backend.ops.demo.facts import DIRHAM
from backend.ops.demo.money import Line
from backend.ops.demo.names import Name
from backend.ops.demo.projects import Project

ALL_YEAR: tuple[int, ...] | None = None
HARVEST = (40, 20, 0, 0, 0, 0, 40, 120, 220, 320, 280, 160)
HONEY = (20, 20, 60, 180, 240, 260, 160, 120, 80, 20, 20, 20)
SUMMER = (40, 40, 80, 110, 130, 150, 200, 200, 110, 60, 40, 40)
FEASTS = (60, 70, 110, 130, 110, 90, 110, 110, 90, 90, 100, 130)


class Sold(NamedTuple):
    """A product: its unit, price in dirhams, variable cost in percent of it, months of the year."""

    name: Name
    unit: Name
    price: int
    cost: int
    season: tuple[int, ...] | None = ALL_YEAR


KILO, LITRE, PIECE = Name("kilo", "كيلوغرام"), Name("litre", "لتر"), Name("pièce", "قطعة")
NIGHT, JOB = Name("nuitée", "ليلة"), Name("prestation", "خدمة")
SOLD: dict[str, tuple[Sold, ...]] = {
    "argan": (Sold(Name("Huile d’argan", "زيت الأركان"), LITRE, 320, 62),
              Sold(Name("Savon à l’argan", "صابون الأركان"), PIECE, 25, 45)),
    "beekeeping": (Sold(Name("Miel", "عسل"), KILO, 220, 48, HONEY),),
    "aromatic-medicinal-plants": (Sold(Name("Plantes séchées", "أعشاب مجففة"), KILO, 70, 50, HONEY),
                                  Sold(Name("Huile essentielle", "زيت أساسي"), PIECE, 90, 40)),
    "olive": (Sold(Name("Huile d’olive", "زيت الزيتون"), LITRE, 80, 65, HARVEST),),
    "almond": (Sold(Name("Amlou", "أملو"), KILO, 130, 58, FEASTS),),
    "saffron": (Sold(Name("Safran, le gramme", "زعفران بالغرام"), PIECE, 35, 40, HARVEST),),
    "goat-cheese": (Sold(Name("Fromage de chèvre", "جبن الماعز"), PIECE, 25, 55, SUMMER),),
    "milk": (Sold(Name("Lait", "حليب"), LITRE, 6, 70),),
    "poultry-eggs": (Sold(Name("Œufs, le plateau", "بيض بالطبق"), PIECE, 38, 70),),
    "small-scale-fishing": (Sold(Name("Poisson", "سمك"), KILO, 45, 60, SUMMER),),
    "mountain-rural-tourism": (Sold(Name("Nuitée avec repas", "ليلة مع وجبات"), NIGHT, 280, 45, SUMMER),),
    "local-services": (Sold(Name("Prestation", "خدمة"), JOB, 150, 35),),
    "textile": (Sold(Name("Vêtement", "لباس"), PIECE, 180, 55, FEASTS),),
}  # fmt: skip
CAREFUL = 0.6
"""The quality above which a plan sells for cash, in season, with its suppliers' credit."""
FRUGAL = 0.8
"""That above which nothing falls due before something is sold: members work at home, paid by what they sell.

A dossier's financing equals its budget, so that whoever pays rent or wages during a delay lacks cash.
"""
CRAFT = (Sold(Name("Pièce d’artisanat", "قطعة تقليدية"), PIECE, 240, 50, SUMMER),)
OTHERS = (Sold(Name("Produit du terroir", "منتوج مجالي"), KILO, 60, 58, FEASTS),)


def plan(rng: Random, project: Project, language: str, quality: float) -> dict[str, Any]:
    """The plan's section as the API takes it; `quality` in [0, 1] is how well it holds."""
    chain = project.chain or ""
    sold = SOLD.get(chain, CRAFT if chain.startswith("craft") else OTHERS)
    fixed = max(500, project.budget_total // (120 * DIRHAM) // 100 * 100)
    paid = (project.jobs_women + project.jobs_men) * project.income_centimes // DIRHAM
    wages = paid * rng.randint(45, 80) // 100
    needed = fixed + wages + project.budget_total // (60 * DIRHAM)
    # from two thirds of what the work must yield to one and a half times as much
    yields = needed * int(62 + 95 * quality) // 100
    careful, frugal = quality > CAREFUL, quality > FRUGAL
    return {
        "products": [_product(rng, one, language, yields // len(sold), careful) for one in sold],
        "fixed_centimes": 0 if frugal else fixed * DIRHAM,
        "wages_centimes": 0 if frugal else wages // 50 * 50 * DIRHAM,
        "customers_days": 0 if careful else rng.choice((0, 15, 30, 30, 60)),
        "suppliers_days": 30 if careful else rng.choice((0, 0, 0, 15, 30)),
        "stock_days": 0 if frugal else rng.choice((0, 10, 15)) if careful else rng.choice((0, 15, 30)),
        "start_month": _first_month(sold[0]) if careful else rng.choice((1, 3, 4, 9)),
    }


def _first_month(sold: Sold) -> int:
    """When a careful holder begins: as her product begins to sell."""
    season = sold.season or (100,) * 12
    return next((month + 1 for month in range(12) if season[month - 1] < 100 <= season[month]), 3)


def _product(rng: Random, sold: Sold, language: str, yields: int, careful: bool) -> dict[str, Any]:
    """A product whose normal month leaves about `yields` dirhams over its variable costs."""
    price = max(1, sold.price * rng.randint(90, 112) // 100)
    cost = max(1, price * sold.cost // 100)
    season = sold.season or (100,) * 12
    volume = max(1, yields * 1200 // (max(1, price - cost) * sum(season)))
    found: dict[str, Any] = {
        "name": getattr(sold.name, language),
        "unit": getattr(sold.unit, language),
        "price_centimes": price * DIRHAM,
        "monthly_quantity": volume,
        "variable_cost_centimes": cost * DIRHAM,
        "ramp_months": 0 if careful else rng.choice((0, 2, 3, 6)),
        "growth_bp": rng.choice((0, 0, 200, 300, 500)),
    }
    return found if sold.season is None else found | {"season": list(sold.season)}


def loan(rng: Random, amount: int) -> dict[str, int]:
    """The terms of a loan, where there is one."""
    if not amount:
        return {}
    months = rng.choice((24, 36, 48, 60))
    return {"loan_rate_bp": rng.choice((450, 550, 650, 700)), "loan_months": months,
            "loan_grace_months": rng.choice((0, 0, 3, 6))}  # fmt: skip


def life(line: Line) -> dict[str, int]:
    """Years that equipment serves; other lines say nothing."""
    if line.kind != "investment":
        return {}
    works = any(word in line.label.fr for word in ("Aménagement", "Construction"))
    return {"life_years": 20 if works else 5 if line.amount_centimes < 50_000 * DIRHAM else 10}
