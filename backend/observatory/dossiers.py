"""Dossiers as a table to take away: the columns chosen, with the scores that the reader may see.

One statement, read through a cursor of the database's own: neither the statements nor the memory grow with
the rows. A score stands only where `standing.read` lets the reader see it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, and_, case, false, func, select

from ..applications.bulk import Chosen
from ..applications.models import Application, Outcome, RuleResult
from ..applications.search import Filters
from ..applications.terms import terms
from ..calls.models import Call
from ..calls.rules.vocabulary import name
from ..core.errors import INVALID, FieldError, problem
from ..core.i18n import NBSP, direction, label, localized, ntranslate, translate
from ..core.policy import RULES
from ..core.tx import Tx
from ..people.models import Organisation
from ..reviews.models import Standing
from .sheets import About, Column, Table

EXPORT_TOO_LONG = problem("export_too_long", 409)
MOST_IN_EXCEL = 30_000
"""A workbook of more would keep its reader waiting for minutes; CSV has no such end."""
AT_ONCE = 1_000  # rows fetched at a time

Words = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Field:
    """A column: its heading in French (a sentence with a translation), its value, how it is told."""

    head: str
    value: Any
    kind: str = "text"
    told: Words | None = None
    scores: bool = False
    width: int = 0  # of its column, in characters


def _result(key: str) -> ColumnElement[Any]:
    return cast(ColumnElement[Any], Application.content["results"][key].as_string().cast(Integer))


def _coded(prefix: str) -> Words:
    return lambda lang, code: label(lang, f"{prefix}.{code}")


def _named(vocabulary: str) -> Words:
    return lambda lang, code: name(vocabulary, code, lang)


def _refused() -> ColumnElement[Any]:
    """The titles of the rules that refused it, in both languages."""
    told = (
        select(func.jsonb_agg(RuleResult.facts["title"]))
        .where(
            RuleResult.application_id == Application.id,
            RuleResult.refuses,
            RuleResult.outcome == Outcome.FAIL,
        )
        .correlate(Application)
    )
    return told.scalar_subquery()


def _again() -> ColumnElement[Any]:
    """When it was completed or changed after its first deposit."""
    return case((Application.submissions > 1, Application.submitted_at))


def _titles(lang: str, found: list[dict[str, str]]) -> str:
    return " ; ".join(localized(lang, one) for one in found)


FIELDS: dict[str, Field] = {
    "number": Field("Numéro", Application.number, width=16),
    "call": Field("Appel", Call.title, told=localized, width=40),
    "state": Field("État", Application.state, told=_coded("state.application"), width=14),
    "title": Field("Projet", Application.title, width=44),
    "organisation": Field("Organisation", Organisation.name, told=localized, width=34),
    "legal_form": Field("Forme juridique", Organisation.legal_form, told=_coded("enum.legal_form"), width=18),
    "register_number": Field("Numéro de registre", Organisation.register_number, width=18),
    "province": Field("Province", Application.province_code, told=_named("province")),
    "commune": Field("Commune", Application.commune_code, told=_named("commune")),
    "sector": Field("Secteur", Application.sector, told=_named("sector"), width=20),
    "chain": Field("Filière", Application.chain_code, told=_named("chain"), width=20),
    "total": Field("Budget en DH", Application.total_centimes, "money"),
    "requested": Field("Demandé en DH", Application.requested_centimes, "money"),
    "jobs_women": Field("Emplois : femmes", _result("jobs_women"), "number"),
    "jobs_men": Field("Emplois : hommes", _result("jobs_men"), "number"),
    "jobs_youth": Field("Emplois : jeunes", _result("jobs_youth"), "number"),
    "filing": Field("Dépôt", Application.filing, told=_coded("enum.filing"), width=14),
    "deposited": Field("Déposé le", Application.first_submitted_at, "moment"),
    "changed": Field("Complété ou modifié le", _again(), "moment"),
    "version": Field("Version du dossier", Application.submissions, "number"),
    "receipt": Field("Code du récépissé", Application.receipt_code, width=18),
    "refused": Field("Règles non respectées", _refused(), told=_titles, width=50),
    "reviews": Field("Évaluations", Standing.reviews, "number", scores=True),
    "score": Field("Note sur 100", Standing.score_hundredths, "points", scores=True),
    "spread": Field("Écart des notes", Standing.spread_hundredths, "points", scores=True),
    "criteria": Field("Note : {criterion}", Standing.criteria, "points", scores=True),
}
"""What may be taken away. No secret, no name of a member, nothing of a review's text."""
USUAL = tuple(code for code in FIELDS if code not in {"jobs_youth", "filing"})


def table(tx: Tx, chosen: Chosen, codes: Sequence[str], lang: str, about: About) -> Table:
    """The dossiers chosen, by number; `criteria` make a column each when the list is that of one call."""
    wanted = [code for code in asked_columns(codes) if code != "criteria"]
    grid = _criteria(tx, chosen) if "criteria" in asked_columns(codes) else []
    fields = [FIELDS[code] for code in wanted]
    asked: Any = select(*(field.value for field in fields), *([Standing.criteria] if grid else []))
    asked = asked.select_from(Application).join(Application.organisation).join(Application.call)
    asked = asked.outerjoin(Standing, and_(Standing.application_id == Application.id, _seen(tx)))
    asked = tx.visible(chosen.narrow(asked), "application.read").order_by(Application.number)
    columns = [Column(_head(lang, field.head), field.kind, field.width) for field in fields]
    columns += [Column(_head(lang, "Note : {criterion}", criterion=localized(lang, title)), "points")
                for _, title in grid]  # fmt: skip
    return Table(
        "dossiers",
        translate(lang, "Dossiers"),
        columns,
        _rows(tx, asked, [field.told for field in fields], [code for code, _ in grid], lang),
        partial(closing, lang),
        (translate(lang, "À lire"), about),
        direction(lang) == "rtl",
    )


def asked_columns(codes: Sequence[str]) -> list[str]:
    """The columns asked, each once; the usual ones when none is. Refused when one is none of ours."""
    if any(code not in FIELDS for code in codes):
        raise INVALID([FieldError("columns", "invalid")])
    return list(dict.fromkeys(codes or USUAL))


def fits(count: int, kind: str) -> None:
    """Refuse the workbook that would be too long: it is never cut."""
    if kind == "xlsx" and count > MOST_IN_EXCEL:
        raise EXPORT_TOO_LONG(rows=count, most=MOST_IN_EXCEL)


def how_many(tx: Tx, chosen: Chosen) -> int:
    """How many dossiers the table will have."""
    asked: Any = chosen.narrow(select(func.count()).select_from(Application))
    found: int = tx.session.execute(tx.visible(asked, "application.read")).scalar_one()
    return found


def _seen(tx: Tx) -> ColumnElement[bool]:
    """The scores that the reader may see: none for a token that may not ask for them."""
    if not tx.actor.is_system and not tx.actor.in_scope("standing.read"):
        return false()
    return RULES["standing.read"].where(tx.actor)


def _criteria(tx: Tx, chosen: Chosen) -> list[tuple[str, dict[str, str]]]:
    call_id = (chosen.filters or Filters()).call_id
    if not call_id:
        return []
    asked = select(Call).where(Call.id == call_id)
    call = tx.session.scalars(tx.visible(asked, "call.read")).one_or_none()
    return [(one.code, dict(one.label)) for one in terms(call).file.grid.criteria] if call else []


def _rows(
    tx: Tx, asked: Any, told: list[Words | None], grid: list[str], lang: str
) -> Iterator[Sequence[Any]]:
    makers = [partial(_kept, maker, lang, {}) if maker else None for maker in told]
    for row in tx.session.execute(asked, execution_options={"yield_per": AT_ONCE}):
        cells = [
            value if make is None or value is None else make(value)
            for make, value in zip(makers, row, strict=False)
        ]
        if grid:
            marks = row[-1] or {}
            cells += [marks.get(code) for code in grid]
        yield cells


def _kept(make: Words, lang: str, known: dict[Any, Any], value: Any) -> Any:
    """Words of a code are made once a file."""
    if isinstance(value, dict | list):
        return make(lang, value)
    found = known.get(value)
    if found is None:
        found = known[value] = make(lang, value)
    return found


def _head(lang: str, words: str, **params: str) -> str:
    return translate(lang, words, **params).replace(NBSP, " ")


def closing(lang: str, count: int) -> str:
    """How many dossiers left, in words."""
    return ntranslate(lang, "{n} dossier exporté", "{n} dossiers exportés", count)
