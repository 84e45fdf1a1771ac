"""Taking dossiers away: the file is written, then kept on record, in the commit before it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ..applications import wanted
from ..applications.bulk import Chosen
from ..applications.search import Filters
from ..applications.terms import terms
from ..calls.models import Call
from ..calls.rules.vocabulary import name
from ..core.calendar import format_date, format_datetime
from ..core.events import declare
from ..core.i18n import label, localized, ntranslate, translate
from ..core.money import format_money
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..people.models import Person
from ..web.tables import dirhams
from . import dossiers, sheets
from .models import Export, ExportKind

declare("export.made")
HEADS = {
    "q": "Mots cherchés", "call": "Appel", "state": "État", "filing": "Dépôt", "sector": "Secteur",
    "chain": "Filière", "commune": "Commune", "form": "Forme juridique", "rule": "Règle non respectée",
    "judged": "Règles de l’appel", "least": "Demandé, au moins", "most": "Demandé, au plus",
    "since": "Déposé depuis le", "until": "Déposé jusqu’au",
}  # fmt: skip
"""Filters by their names in an address, as the list's page calls them."""
CODED = {"state": "state.application", "filing": "enum.filing", "form": "enum.legal_form",
         "judged": "dossiers.judged"}  # fmt: skip


def take(tx: Tx, chosen: Chosen, codes: Sequence[str], kind: str, lang: str) -> sheets.Written:
    """The file of the dossiers chosen, and its record: nothing leaves that is not kept on record."""
    columns = dossiers.asked_columns(codes)
    if kind == "xlsx":
        dossiers.fits(dossiers.how_many(tx, chosen), kind)
    asked = _asked(chosen)
    filters = in_words(asked, _calls(tx, [asked]), lang)

    def about(rows: int, print_: str) -> list[tuple[str, str]]:
        return _about(tx, filters, lang, (rows, print_))

    written = sheets.write(dossiers.table(tx, chosen, columns, lang, about), kind)
    try:
        _keep(tx, written, asked, columns, lang)
    except BaseException:
        written.file.close()
        raise
    return written


def _keep(
    tx: Tx, written: sheets.Written, asked: dict[str, Any], columns: Sequence[str], lang: str
) -> Export:
    assert tx.actor.id
    made = Export(
        person_id=tx.actor.id,
        made_at=tx.now,
        kind=ExportKind(written.kind),
        language=lang,
        asked=asked,
        columns=list(columns),
        rows=written.rows,
        sha256=written.sha256,
    )
    tx.session.add(made)
    tx.session.flush()
    tx.allowed = True  # what leaves was asked of `application.read`; that it is kept is not hers to refuse
    tx.emit("export.made", made, kind=written.kind, rows=written.rows)
    return made


def _asked(chosen: Chosen) -> dict[str, Any]:
    """What narrowed the list, by the names of an address: read back by `wanted.read`."""
    if chosen.filters is None:
        return {"filters": {}, "picked": len(chosen.picked)}
    filters, found = chosen.filters, {}
    for word, (field, _) in wanted.READERS.items():
        value = getattr(filters, field)
        if value is not None and value != "":
            found[word] = dirhams(value) if field in {"least", "most"} else str(value)
    return {"filters": found}


def in_words(asked: Mapping[str, Any], calls: Mapping[str, Call], lang: str) -> list[tuple[str, str]]:
    """The filters as (name, value); of dossiers ticked one by one, how many."""
    if "picked" in asked:
        n = asked["picked"]
        return [("", ntranslate(lang, "{n} dossier coché", "{n} dossiers cochés", n))]
    call = calls.get(asked["filters"].get("call", ""))
    filters = wanted.read(asked["filters"]).filters
    return [
        (translate(lang, head), _said(filters, word, asked["filters"][word], call, lang))
        for word, head in HEADS.items()
        if word in asked["filters"]
    ]


def _said(filters: Filters, word: str, typed: str, call: Call | None, lang: str) -> str:
    """What a filter asks, in words; as it was typed when it has none."""
    if word in CODED:
        return label(lang, f"{CODED[word]}.{typed}")
    if word in {"sector", "chain", "commune"}:
        return name(word, typed, lang)
    if word in {"least", "most"}:
        return format_money(getattr(filters, word) or 0, lang)
    if word in {"since", "until"}:
        return format_date(getattr(filters, word), lang)
    named = {}
    if call:
        named = {("call", str(call.id)): call.title}
        named |= {("rule", rule.code): dict(rule.title) for rule in terms(call).rules}
    return localized(lang, named[word, typed]) if (word, typed) in named else typed


def _calls(tx: Tx, asked: Sequence[Mapping[str, Any]]) -> dict[str, Call]:
    """The calls that the filters name, among those that the reader sees: at most one statement."""
    keys = {UUID(key) for one in asked if (key := one.get("filters", {}).get("call"))}
    if not keys or not tx.actor.in_scope("call.read"):
        return {}
    found = tx.session.scalars(tx.visible(select(Call).where(Call.id.in_(keys)), "call.read"))
    return {str(call.id): call for call in found}


def _about(
    tx: Tx, filters: Sequence[tuple[str, str]], lang: str, written: tuple[int, str]
) -> list[tuple[str, str]]:
    """The lines of the sheet to read first."""
    rows, print_ = written
    said = "\n".join(
        translate(lang, "{label} : {message}", label=head, message=value) if head else value
        for head, value in filters
    )
    none = translate(lang, "Aucun : tous les dossiers que cette personne peut lire")
    lines = [
        ("Ce que contient ce fichier", dossiers.closing(lang, rows)),
        ("Exporté par", tx.actor.name),
        ("Exporté le", format_datetime(tx.now, lang)),
        ("Filtres", said or none),
        ("Montants et heures", translate(lang, "Dirhams ; heure de Casablanca")),
        ("Empreinte des lignes (SHA-256)", print_),
    ]
    return [(translate(lang, head), text) for head, text in lines]


@dataclass(frozen=True)
class Taken:
    """An export as a page tells it."""

    export: Export
    filters: Sequence[tuple[str, str]]


def listed(tx: Tx, cursor: str | None = None, limit: int = 50) -> Page[Export]:
    """Exports that the reader may know of, the latest first: her own, or all for those who audit."""
    asked = select(Export).join(Export.person).options(contains_eager(Export.person).load_only(Person.name))
    keys = [
        Key(Export.made_at.expression, lambda row: row.made_at, True),
        Key(Export.id.expression, lambda row: row.id, True),
    ]
    return paginate(tx, tx.visible(asked, "export.read"), keys, cursor, limit)


def latest(tx: Tx, lang: str, limit: int = 10) -> list[Taken]:
    """The last ones, with their filters in words: two statements for any number."""
    rows = listed(tx, None, limit).items
    calls = _calls(tx, [row.asked for row in rows])
    return [Taken(row, in_words(row.asked, calls, lang)) for row in rows]
