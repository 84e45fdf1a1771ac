"""What a project of each value chain is about: titles, reasons, equipment and prices, in French and Arabic.

Prices are orders of magnitude for small equipment in Morocco, in whole dirhams, made for a plausible
demonstration and not taken from quotations. The entries are in ``catalogue.yaml``; ``chain(code)`` finds
one, with a generic entry for a chain that this catalogue does not know.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

DATA = Path(__file__).with_name("catalogue.yaml")
GENERIC = "generic"


class Item(NamedTuple):
    """A piece of equipment: unit price between ``low`` and ``high`` dirhams, at most ``most`` of them."""

    fr: str
    ar: str
    low: int
    high: int
    most: int = 1


class Idea(NamedTuple):
    """A project: its title, what the holder wishes to do (infinitive, verbal noun) and why (a sentence)."""

    title_fr: str
    title_ar: str
    do_fr: str
    do_ar: str
    why_fr: str
    why_ar: str


class Chain(NamedTuple):
    """What is known of a value chain: its word in a name, usual share of women (percent), monthly income
    (dirhams), projects.
    """

    word: tuple[str, str]
    women: int
    income: tuple[int, int]
    ideas: tuple[Idea, ...]
    items: tuple[Item, ...]


WORKS = Item("Aménagement du local", "تهيئة المحل", 15_000, 60_000)
"""The elastic line: its price makes up what the equipment leaves."""
BUILDING = Item("Construction et aménagement du local", "بناء المحل وتهيئته", 60_000, 250_000)
"""The same, when it is large."""
STUDY = Item("Étude technique et accompagnement", "دراسة تقنية ومواكبة", 5_000, 30_000)
VEHICLE = Item("Véhicule utilitaire", "سيارة نفعية", 140_000, 190_000)
"""Added only when the catalogue's equipment is far below the cost wanted."""
ALIASES = {
    "rural-ecotourism": "mountain-rural-tourism",
    "forest-ecotourism": "mountain-rural-tourism",
    "forest-wood": "craft-wood",
    "craft": "craft-weaving",
}
RUNNING = (
    Item("Salaires de six mois", "أجور ستة أشهر", 24_000, 60_000),
    Item("Achat de matières premières", "شراء المواد الأولية", 15_000, 45_000),
    Item("Loyer et charges d'une année", "كراء وتكاليف سنة واحدة", 12_000, 30_000),
)


def chain(code: str) -> Chain:
    """The catalogue's entry for a chain code of ``value_chains/data/chains.yaml``, the generic one when
    unknown.
    """
    found = _entries()
    return found.get(ALIASES.get(code, code), found[GENERIC])


def known() -> tuple[str, ...]:
    """Every chain code that has an entry of its own."""
    return tuple(code for code in _entries() if code != GENERIC)


@cache
def _entries() -> dict[str, Chain]:
    """The file, in its order: what is drawn from it depends on that."""
    data = YAML(typ="safe").load(DATA)
    shared = {name: Item(**item) for name, item in data["equipment"].items()}
    return {code: _chain(entry, shared) for code, entry in data["chains"].items()}


def _chain(entry: dict[str, Any], shared: dict[str, Item]) -> Chain:
    low, high = entry["income"]
    return Chain(
        word=(entry["word"]["fr"], entry["word"]["ar"]),
        women=entry["women"],
        income=(low, high),
        ideas=tuple(Idea(**idea) for idea in entry["ideas"]),
        items=tuple(shared[item] if isinstance(item, str) else Item(**item) for item in entry["items"]),
    )
