"""Officers' notes on dossiers: one by one, or a whole list from a spreadsheet with what is to be decided.

A line of a list is: the dossier's number, the verdict wanted (admissible, inadmissible, to be completed, or
none), the reason that its holder will read, what is to be completed beside what the dossier lacks, a note for
colleagues. What each line will do is shown first; all that is right is then done in one commit, by the
machine and its rules, or nothing is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from . import completion, lists
from .completion import Owed
from .lifecycle import COMPLETION_NOT_OFFERED, COMPLETION_ONCE, LIFECYCLE, RULE_REFUSES, refusing_each
from .models import Application, ApplicationState, ScreeningNote
from .paper import IMPORT_CHANGED
from .receipts import sha256
from .verdicts import COLUMNS, HEADERS, LONGEST, VERDICTS, items_of, verdict_of

NOTES_COLUMNS = problem("notes_columns", 422)
NOTES_EMPTY = problem("notes_empty", 422)
NOTES_TOO_MANY = problem("notes_too_many", 422)
MOST = 1_000
"""Lines of one list: one commit, with one event a dossier."""
FAULTS = (
    "number_unknown", "number_twice", "not_hers", "verdict_unreadable", "note_rule_refuses", "note_settled",
    "note_reason_needed", "note_not_offered", "note_once", "note_item_unknown", "note_nothing_lacking",
)  # fmt: skip
"""What may be wrong with a cell, beside what every list is told."""
REACHED = {
    "admit": ApplicationState.ELIGIBLE,
    "return": ApplicationState.RETURNED,
    "refuse": ApplicationState.INELIGIBLE,
}
WRONG = {
    RULE_REFUSES.code: "note_rule_refuses",
    COMPLETION_NOT_OFFERED.code: "note_not_offered",
    COMPLETION_ONCE.code: "note_once",
}
"""What a line is told when the machine refuses its verdict; of anything else, that it is settled."""

declare("application.noted")


def _of(a: Actor, *roles: Role) -> ColumnElement[bool]:
    """Notes on deposited dossiers of the provinces where she holds one of the roles."""
    hers = select(Application.id).where(
        and_(Application.submitted_at.is_not(None), in_province(a, roles, Application.province_code))
    )
    return ScreeningNote.application_id.in_(hers)


rule("screening_note.read", ScreeningNote, lambda a: _of(a, Role.OFFICER, *OVERSEERS))
rule(
    "application_notes.read",
    Application,
    lambda a: in_province(a, (Role.OFFICER, *OVERSEERS), Application.province_code),
)  # a holder who asks for them is told that they are not hers, not that there are none
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
    """The notes on a dossier with who wrote each, the latest first; 403 for her who sees it, not them."""
    application = tx.get(
        Application, application_id, "application.read", options=(load_only(Application.id),)
    )
    tx.allow("application_notes.read", application)
    asked = (
        select(ScreeningNote, Person.name)
        .join(Person, Person.id == ScreeningNote.written_by)
        .where(ScreeningNote.application_id == application_id)
        .order_by(ScreeningNote.written_at.desc(), ScreeningNote.id.desc())
        .limit(100)
    )
    return tx.session.execute(tx.visible(asked, "screening_note.read")).all()


def officers_only(actor: Actor) -> None:
    """Those who oversee read the list of dossiers and decide on none: 403."""
    if not actor.provinces(Role.OFFICER):
        raise FORBIDDEN(rule="application.screen")


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
    owed: Owed | None = None  # what is asked of it, when it is sent back


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
        said = [
            [str(one.application_id), one.verb, one.reason, one.rules, one.note]
            + ([one.owed.items, one.owed.due_on.isoformat()] if one.owed else [])
            for one in self.done
        ]
        return sha256(said)[:16]


def plan(tx: Tx, rows: Sequence[Sequence[object]]) -> Plan:
    """What `take` would do. As many statements for any number of lines."""
    places, sent = lists.lines(
        rows, HEADERS, COLUMNS[:2], key="note_number", empty=NOTES_EMPTY, unnamed=NOTES_COLUMNS
    )
    if len(sent) > MOST:
        raise NOTES_TOO_MANY(most=MOST)
    known = _Known(tx, sent)
    found, above = Plan(), set[str]()
    for number, cells in sent:
        made, wrong = _read(number, cells, known)
        own = lists.key_of(cells["note_number"])
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
    returned = [one for one in found.done if one.verb == "return"]
    completion.ask_many(
        tx,
        {one.application_id: one.owed for one in returned if one.owed},
        {one.application_id: one.reason or "" for one in returned},
    )
    _note(tx, [one for one in found.done if one.note])
    return found


class _Known:
    """What is known of the dossiers that a list names, asked once for all of them."""

    def __init__(self, tx: Tx, sent: Sequence[lists.Line]) -> None:
        numbers = {lists.key_of(cells["note_number"]) for _, cells in sent}
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
        back = {
            lists.key_of(cells["note_number"])
            for _, cells in sent
            if VERDICTS.get(fold(lists.key_of(cells["note_verdict"]))) == "return"
        }
        able = {row.id for row in self.rows.values() if row.number in back} - self.refusals["return"].keys()
        self.owed = completion.owed(tx, able)


def _read(line: int, cells: Mapping[str, object], known: _Known) -> tuple[Judgement | None, list[FieldError]]:
    wrong: list[FieldError] = []
    read = lists.cell_reader(cells, wrong)
    number = read("note_number", lambda cell: lists.words(cell, 24))
    verb = read("note_verdict", verdict_of)
    reason = read("note_reason", lambda cell: lists.words(cell, LONGEST, needed=False)) or None
    text = read("note_text", lambda cell: lists.words(cell, LONGEST, needed=False)) or ""
    row = known.rows.get(number or "")
    if number and row is None:
        wrong.append(FieldError("note_number", "number_unknown"))
    if row is None:
        return None, wrong
    rules = tuple(known.failing.get(row.id, ())) if verb == "refuse" else ()
    owed = None
    if row.id in known.foreign:
        wrong.append(FieldError("note_number", "not_hers"))
    elif verb and row.state is REACHED[verb]:
        verb = None  # it is so already
    elif verb and (refused := known.refusals[verb].get(row.id)):
        wrong.append(FieldError("note_verdict", WRONG.get(refused.code, "note_settled")))
    elif verb == "refuse" and not rules and not reason:
        wrong.append(FieldError("note_reason", "note_reason_needed"))
    elif verb == "return":
        owed = _asked(known.owed.get(row.id), cells, wrong)
    if (row.id, text) in known.noted:
        text = ""  # a list that is sent again notes nothing twice
    if verb not in ("refuse", "return"):
        reason = None
    return Judgement(line, row.id, row.number, row.title, row.name, verb, reason, rules, text, owed), wrong


def _asked(owed: Owed | None, cells: Mapping[str, object], wrong: list[FieldError]) -> Owed | None:
    """What the dossier lacks and what its line names beside; nothing of both is a fault."""
    if owed is None:  # its call changed since it was asked what it may do
        wrong.append(FieldError("note_verdict", "note_not_offered"))
        return None
    read = lists.cell_reader(cells, wrong)
    named = read("note_items", lambda cell: items_of(cell, owed))
    if named is None:
        return None
    wanted = tuple(item for item in owed.askable if item in {*owed.items, *named})
    if not wanted:
        wrong.append(FieldError("note_items", "note_nothing_lacking"))
    return replace(owed, items=wanted)


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
