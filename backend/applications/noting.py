"""Officers' notes on dossiers: one by one, or a whole list from a spreadsheet with what is to be decided.

A line of a list is: the dossier's number, the verdict wanted (admissible, inadmissible, or none), the reason
that its holder will read, a note for colleagues. What each line will do is shown first; all that is right is
then done in one commit, by the machine and its rules, or nothing is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import load_only

from ..core.actor import Actor
from ..core.errors import FORBIDDEN, FieldError, problem
from ..core.events import declare
from ..core.folding import fold
from ..core.policy import rule
from ..core.shapes import written
from ..core.tx import Tx
from ..people.models import Organisation, Person, Role
from ..people.policy import OVERSEERS, in_province
from ..people.roster.plan import Fault
from ..people.roster.table import plain
from . import lists
from .lifecycle import LIFECYCLE, RULE_REFUSES, refusing_each
from .models import Application, ApplicationState, ScreeningNote
from .paper import IMPORT_CHANGED
from .receipts import sha256

NOTES_COLUMNS = problem("notes_columns", 422)
NOTES_EMPTY = problem("notes_empty", 422)
NOTES_TOO_MANY = problem("notes_too_many", 422)
MOST = 1_000
"""Lines of one list: one commit, with one event a dossier."""
LONGEST = 2_000
COLUMNS = ("note_number", "note_verdict", "note_reason", "note_text")
_SPOKEN = {
    "note_number": ("Numéro du dossier", "Numéro", "N°", "Dossier", "رقم الملف", "الرقم", "الملف"),
    "note_verdict": ("Avis", "Décision", "Verdict", "الرأي", "القرار"),
    "note_reason": ("Raison", "Raisons", "Motif", "Motifs", "السبب", "الأسباب", "التعليل"),
    "note_text": ("Note", "Notes", "Remarque", "Remarques", "Observations", "ملاحظة", "ملاحظات"),
}
HEADERS = {fold(word): name for name, spoken in _SPOKEN.items() for word in spoken}
_VERDICTS = {
    "admit": ("Recevable", "Admis", "Admissible", "Déclarer recevable", "مستوف للشروط", "مستوف", "مقبول"),
    "refuse": (
        "Irrecevable", "Non recevable", "Refusé", "Déclarer irrecevable",
        "غير مستوف للشروط", "غير مستوف", "غير مقبول", "مرفوض",
    ),
    "return": ("À compléter", "Incomplet", "في انتظار الاستكمال", "للاستكمال", "غير مكتمل"),
}  # fmt: skip
VERDICTS = {fold(word): verb for verb, spoken in _VERDICTS.items() for word in spoken}
FAULTS = (
    "number_unknown", "number_twice", "not_hers", "verdict_unreadable", "verdict_completion",
    "note_rule_refuses", "note_settled", "note_reason_needed",
)  # fmt: skip
"""What may be wrong with a cell, beside what every list is told."""
REACHED = {"admit": ApplicationState.ELIGIBLE, "refuse": ApplicationState.INELIGIBLE}

declare("application.noted")


def _of(a: Actor, *roles: Role) -> ColumnElement[bool]:
    """Notes on deposited dossiers of the provinces where she holds one of the roles."""
    hers = select(Application.id).where(
        and_(Application.submitted_at.is_not(None), in_province(a, roles, Application.province_code))
    )
    return ScreeningNote.application_id.in_(hers)


rule("screening_note.read", ScreeningNote, lambda a: _of(a, Role.OFFICER, *OVERSEERS))
rule("screening_note.write", ScreeningNote, lambda a: _of(a, Role.OFFICER))


def note(tx: Tx, application_id: UUID, text: str) -> ScreeningNote:
    """Write a note on a dossier, for colleagues."""
    application = tx.get(Application, application_id, "application.screen")
    said = written(text.replace("\0", ""), "note", LONGEST)
    assert tx.actor.id
    made = ScreeningNote(application_id=application.id, written_by=tx.actor.id, written_at=tx.now, text=said)
    tx.add(made, "screening_note.write")
    tx.emit("application.noted", application)
    return made


def notes(tx: Tx, application_id: UUID) -> Sequence[Row[ScreeningNote, str]]:
    """The notes on a dossier with who wrote each, the latest first; none for her who sees it, not them."""
    tx.get(Application, application_id, "application.read", options=(load_only(Application.id),))
    asked = (
        select(ScreeningNote, Person.name)
        .join(Person, Person.id == ScreeningNote.written_by)
        .where(ScreeningNote.application_id == application_id)
        .order_by(ScreeningNote.written_at.desc(), ScreeningNote.id.desc())
        .limit(100)
    )
    return tx.session.execute(tx.visible(asked, "screening_note.read")).all()


# -- a list -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Judgement:
    """A sound line: the dossier, what becomes of it (nothing: only noted), and what is said."""

    line: int
    application_id: UUID
    number: str
    title: str
    organisation: Mapping[str, str]
    verb: str | None
    reason: str | None = None
    rules: tuple[str, ...] = ()  # those that refused it, when it is refused
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """All the lines of a list: to be done, done already, or with cells to be corrected."""

    done: list[Judgement] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return len(self.done) + len(self.unchanged) + len({one.line for one in self.faults})

    def count(self, verb: str | None) -> int:
        """How many dossiers the verb moves; how many are noted only, of None."""
        return sum(one.verb == verb for one in self.done)

    @property
    def print_(self) -> str:
        """Two that are equal do the same to the same dossiers."""
        said = [[str(one.application_id), one.verb, one.reason, one.rules, one.note] for one in self.done]
        return sha256(said)[:16]


def plan(tx: Tx, rows: Sequence[Sequence[object]]) -> Plan:
    """What `take` would do. As many statements for any number of lines."""
    places, sent = lists.lines(
        rows, HEADERS, COLUMNS[:2], key="note_number", empty=NOTES_EMPTY, unnamed=NOTES_COLUMNS
    )
    if len(sent) > MOST:
        raise NOTES_TOO_MANY(most=MOST)
    known = _Known(tx, {plain(cells["note_number"]) for _, cells in sent})
    found, above = Plan(), set[str]()
    for number, cells in sent:
        made, wrong = _read(number, cells, known)
        own = plain(cells["note_number"])
        if own and own in above:
            wrong = [*wrong, FieldError("note_number", "number_twice")]
        above.add(own)
        if wrong:
            found.faults.extend(lists.fault(number, places, error) for error in wrong)
        elif made and (made.verb or made.note):
            found.done.append(made)
        else:
            found.unchanged.append(number)
    return found


def take(tx: Tx, rows: Sequence[Sequence[object]], seen: str, *, right_only: bool = False) -> Plan:
    """Do all that is right, if it still is what was shown; with a fault left, only when that was asked."""
    found = plan(tx, rows)
    if found.print_ != seen or not found.done or (found.faults and not right_only):
        raise IMPORT_CHANGED()
    _fire(tx, found, "admit")
    _fire(tx, found, "refuse")
    _note(tx, [one for one in found.done if one.note])
    return found


class _Known:
    """What is known of the dossiers that a list names, asked once for all of them."""

    def __init__(self, tx: Tx, numbers: Collection[str]) -> None:
        asked = (
            select(
                Application.id, Application.number, Application.title, Application.state, Organisation.name
            )
            .join(Organisation, Organisation.id == Application.organisation_id)
            .where(Application.number.in_(numbers))
        )
        self.rows = {row.number: row for row in tx.session.execute(tx.visible(asked, "application.read"))}
        keys = [row.id for row in self.rows.values()]
        self.refusals = {verb: LIFECYCLE.refusals(tx, keys, verb) for verb in REACHED}
        told = self.refusals["refuse"].items()
        self.foreign = {key for key, refused in told if refused.code == FORBIDDEN.code}
        self.failing = refusing_each(tx, keys)
        noted = select(ScreeningNote.application_id, ScreeningNote.text).where(
            ScreeningNote.application_id.in_(keys)
        )
        before = tx.session.execute(tx.visible(noted, "screening_note.read"))
        self.noted = {(key, text) for key, text in before}


def _read(line: int, cells: Mapping[str, object], known: _Known) -> tuple[Judgement | None, list[FieldError]]:
    wrong: list[FieldError] = []
    read = lists.cell_reader(cells, wrong)
    number = read("note_number", lambda cell: lists.words(cell, 24))
    verb = read("note_verdict", _verdict)
    reason = read("note_reason", lambda cell: lists.words(cell, LONGEST, needed=False)) or None
    text = read("note_text", lambda cell: lists.words(cell, LONGEST, needed=False)) or ""
    row = known.rows.get(number or "")
    if number and row is None:
        wrong.append(FieldError("note_number", "number_unknown"))
    if row is None:
        return None, wrong
    rules = tuple(known.failing.get(row.id, ()))
    if row.id in known.foreign:
        wrong.append(FieldError("note_number", "not_hers"))
    elif verb and row.state is REACHED[verb]:
        verb = None  # it is so already
    elif verb and (refused := known.refusals[verb].get(row.id)):
        ruled = refused.code == RULE_REFUSES.code
        wrong.append(FieldError("note_verdict", "note_rule_refuses" if ruled else "note_settled"))
    elif verb == "refuse" and not rules and not reason:
        wrong.append(FieldError("note_reason", "note_reason_needed"))
    if (row.id, text) in known.noted:
        text = ""  # a list that is sent again notes nothing twice
    if verb != "refuse":
        reason, rules = None, ()
    return Judgement(line, row.id, row.number, row.title, row.name, verb, reason, rules, text), wrong


def _verdict(cell: object) -> str | None:
    said = plain(cell)
    if not said:
        return None
    verb = VERDICTS.get(fold(said))
    if verb is None:
        raise ValueError("verdict_unreadable")
    if verb == "return":
        raise ValueError("verdict_completion")
    return verb


def _fire(tx: Tx, found: Plan, verb: str) -> None:
    moved = {one.application_id: one for one in found.done if one.verb == verb}
    if not moved:
        return
    light = load_only(Application.id, Application.province_code, Application.state, Application.version)
    rows = tx.session.scalars(select(Application).where(Application.id.in_(moved)).options(light)).all()
    said = {key: {"rules": list(one.rules), "reason": one.reason} for key, one in moved.items()}
    LIFECYCLE.fire_many(tx, rows, verb, said if verb == "refuse" else None, bulk=True)


def _note(tx: Tx, noted: Sequence[Judgement]) -> None:
    """One statement for the notes and one for their events; who may note them was asked with the plan."""
    keys = [one.application_id for one in noted]
    light = load_only(Application.id, Application.province_code)
    asked = select(Application).where(Application.id.in_(keys)).options(light)
    rows = {row.id: row for row in tx.session.scalars(tx.visible(asked, "application.screen"))}
    if len(rows) != len(noted):
        raise IMPORT_CHANGED()
    assert tx.actor.id
    tx.allowed = True  # the statement above gave only rows on which she may
    for one in noted:
        made = ScreeningNote(
            application_id=one.application_id, written_by=tx.actor.id, written_at=tx.now, text=one.note
        )
        tx.session.add(made)
        tx.emit("application.noted", rows[one.application_id])
    tx.session.flush()
