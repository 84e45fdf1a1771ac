"""Dossiers taken on paper, from a spreadsheet: begun here for their holders, as if typed one by one.

A line is: number in the counter's register, the organisation by its register number, the project, the
amounts, when it was handed in. Each becomes a draft filed on paper, to be completed and deposited by the
officer as any other: nothing is deposited by a list. A line that is there already changes nothing, so that
the list may be sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from ..calls.models import Call
from ..core.calendar import CASABLANCA
from ..core.errors import FieldError, problem
from ..core.folding import fold
from ..core.money import MoneyError, parse_money
from ..core.shapes import MAX_CENTIMES
from ..core.tx import Tx
from ..people.models import Organisation
from ..people.roster.plan import Fault
from ..people.roster.table import plain
from . import commands, lists
from .lifecycle import WITHDRAWN
from .models import Application
from .receipts import sha256
from .sections import BudgetSection, FinancingSection, ProjectSection

PAPER_COLUMNS = problem("paper_columns", 422)
PAPER_EMPTY = problem("paper_empty", 422)
PAPER_TOO_MANY = problem("paper_too_many", 422)
IMPORT_CHANGED = problem("import_changed", 409)
MOST = 300
"""Lines of one list: one commit, a dozen statements a line."""
COLUMNS = (
    "paper_number",
    "paper_register",
    "paper_title",
    "paper_total",
    "paper_requested",
    "paper_handed_in",
)
_SPOKEN = {
    "paper_number": ("Numéro", "N°", "Numéro d’ordre", "الرقم", "الرقم الترتيبي"),
    "paper_register": ("Numéro de registre", "Registre", "N° de registre", "رقم السجل", "رقم التسجيل"),
    "paper_title": ("Projet", "Titre", "Intitulé du projet", "المشروع", "عنوان المشروع"),
    "paper_total": ("Budget", "Budget en DH", "Coût total", "الميزانية", "الميزانية بالدرهم"),
    "paper_requested": ("Demandé", "Demandé en DH", "Montant demandé", "المطلوب", "المطلوب بالدرهم"),
    "paper_handed_in": ("Déposé le", "Date de dépôt", "Reçu le", "تاريخ الإيداع", "تاريخ التوصل"),
}
HEADERS = {fold(word): name for name, spoken in _SPOKEN.items() for word in spoken}
NOON = time(12)
"""Of a day without an hour, noon counts."""


@dataclass(frozen=True)
class Paper:
    """A sound line: what will be typed for the holder. Amounts are centimes."""

    line: int
    organisation_id: UUID
    organisation: Mapping[str, str]
    number: str
    title: str
    total: int
    requested: int
    handed_in_at: datetime


@dataclass(frozen=True)
class Plan:
    """All the lines of a list: to be begun, there already, or with cells to be corrected."""

    added: list[Paper] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def print_(self) -> str:
        """Two that are equal begin the same dossiers."""
        return sha256([[one.line, str(one.organisation_id), one.title, one.requested] for one in self.added])[
            :16
        ]


def plan(tx: Tx, call_id: UUID, rows: Sequence[Sequence[object]]) -> Plan:
    """What `take` would do. Three statements, whatever the lines."""
    call = tx.get(Call, call_id, "call.read", options=(defer(Call.definition),))
    tx.allow("call.screen", call)
    places, lines = lists.lines(
        rows, HEADERS, COLUMNS, key="paper_register", empty=PAPER_EMPTY, unnamed=PAPER_COLUMNS
    )
    if len(lines) > MOST:
        raise PAPER_TOO_MANY(most=MOST)
    holders = _holders(tx, call, {lists.key_of(cells["paper_register"]) for _, cells in lines})
    living = _living(tx, call, [one.id for same in holders.values() for one in same])
    return _sorted(call, lines, places, holders, living)


def take(tx: Tx, call_id: UUID, rows: Sequence[Sequence[object]], seen: str) -> Plan:
    """Begin a dossier for each sound line, if they still are those that were shown."""
    found = plan(tx, call_id, rows)
    if found.print_ != seen or not found.added:
        raise IMPORT_CHANGED()
    for one in found.added:
        made = commands.create(tx, call_id, one.organisation_id, one.handed_in_at)
        label = f"Dossier papier n° {one.number}"
        line = {"label": label, "kind": "investment", "amount_centimes": one.total}
        typed = {
            "project": ProjectSection(title=one.title),
            "budget": BudgetSection.model_validate({"lines": [line]}),
            "financing": FinancingSection(indh_centimes=one.requested),
        }
        for section, data in typed.items():
            kept = data.model_dump(mode="json", exclude_none=True)
            commands.keep_working(tx, made, section, kept)
    return found


def _sorted(
    call: Call,
    lines: Sequence[tuple[int, dict[str, object]]],
    places: Mapping[str, int],
    holders: Mapping[str, list[Organisation]],
    living: set[UUID],
) -> Plan:
    found, above = Plan(), set[str]()
    for number, cells in lines:
        register = lists.key_of(cells["paper_register"])
        made, wrong = _read(call, number, cells, holders.get(register, []))
        if register and register in above:
            wrong = [*wrong, FieldError("paper_register", "register_twice")]
        above.add(register)
        if wrong:
            found.faults.extend(lists.fault(number, places, error) for error in wrong)
        elif made and made.organisation_id in living:
            found.unchanged.append(number)
        elif made:
            found.added.append(made)
    return found


def _read(
    call: Call, number: int, cells: Mapping[str, object], holders: Sequence[Organisation]
) -> tuple[Paper | None, list[FieldError]]:
    wrong: list[FieldError] = []
    read = lists.cell_reader(cells, wrong)
    own = read("paper_number", lambda cell: lists.words(cell, 40))
    register = read("paper_register", lambda cell: lists.words(cell, 60))
    title = read("paper_title", lambda cell: lists.words(cell, 200))
    total, requested = read("paper_total", _amount), read("paper_requested", _amount)
    moment = read("paper_handed_in", _moment)
    if register and len(holders) != 1:
        wrong.append(FieldError("paper_register", "register_ambiguous" if holders else "register_unknown"))
    if total is not None and requested is not None and requested > total:
        wrong.append(FieldError("paper_requested", "more_than_budget"))
    if moment and not call.opens_at <= moment < call.closes_at:
        wrong.append(FieldError("paper_handed_in", "outside_window"))
    if wrong:
        return None, wrong
    return Paper(number, holders[0].id, holders[0].name, own, title, total, requested, moment), []


def _amount(cell: object) -> int:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        exact = Decimal(str(cell)) * 100
        if not exact.is_finite() or exact != exact.to_integral_value():
            raise MoneyError("money_decimals")
        found = int(exact)
    else:
        found = parse_money(plain(cell))
    if not 0 <= found <= MAX_CENTIMES:
        raise MoneyError("money_negative" if found < 0 else "money_too_large")
    return found


def _moment(cell: object) -> datetime:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=CASABLANCA) if cell.time() != time() else _noon(cell.date())
    if isinstance(cell, date):
        return _noon(cell)
    text = plain(cell)
    if not text:
        raise ValueError("missing")
    for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return _moment(datetime.strptime(text, form))  # noqa: DTZ007 (Casablanca's, set above)
        except ValueError:
            continue
    raise ValueError("date_unreadable")


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON, CASABLANCA)


def _holders(tx: Tx, call: Call, numbers: set[str]) -> dict[str, list[Organisation]]:
    """Organisations of the call's province by register number, those that she may see."""
    asked = select(Organisation).where(
        Organisation.register_number.in_(numbers), Organisation.province_code == call.province_code
    )
    found: dict[str, list[Organisation]] = {}
    for one in tx.session.scalars(tx.visible(asked, "organisation.read")):
        found.setdefault(one.register_number or "", []).append(one)
    return found


def _living(tx: Tx, call: Call, keys: Sequence[UUID]) -> set[UUID]:
    asked = select(Application.organisation_id).where(
        Application.call_id == call.id, Application.organisation_id.in_(keys), Application.state != WITHDRAWN
    )
    return set(tx.session.scalars(asked))
