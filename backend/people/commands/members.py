"""Members of an organisation: their list, the sheet they come from, and the number of a card."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import selectinload, undefer
from sqlalchemy.orm.attributes import flag_modified
from uuid_utils.compat import uuid7

from ...core import secrets
from ...core.calendar import local
from ...core.errors import INVALID, NOT_FOUND, FieldError
from ...core.tx import Tx
from .. import identities
from ..identifiers import read_cin
from ..lifecycle import MEMBER_ENTERED_AGAIN, MEMBER_UNDO_OVER
from ..models import Member, Organisation
from ..queries.leaving import UNDO, left
from ..roster.plan import Plan, name_key, plan
from ..schemas import MemberIn, RevealIn

YOUNGEST_MEMBER, OLDEST_MEMBER = 15, 110
"""Ages that a member may have: from that of work (Code du travail, article 143) to a long life's."""

MEMBERS = selectinload(Organisation.members)
WITH_DIGESTS = MEMBERS.options(undefer(Member.identity_digest))


def replace_members(
    tx: Tx, organisation_id: UUID, members: list[MemberIn], version: int | None = None
) -> Organisation:
    """Set the whole list, in its order; who stays keeps her row. The organisation's version moves on."""
    organisation = tx.get(
        Organisation, organisation_id, "organisation.edit", version=version, options=(WITH_DIGESTS,)
    )
    _check_birth_years(tx, members)
    kept: dict[tuple[str, str, int], list[Member]] = {}
    for member in organisation.members:  # namesakes keep their own rows
        kept.setdefault((member.name, member.sex, member.birth_year), []).append(member)
    rows, sealed = list[Member](), list[Member]()
    added, before = dict[int, bool](), set(organisation.members)
    for position, given in enumerate(members):
        same = kept.get((given.name, given.sex, given.birth_year))
        row = same.pop(0) if same else _new(given)
        if row not in before:
            added[position] = given.distinct
        row.position, row.office = position, given.office
        sealed += [row] if _keep_identity(row, given) else []
        rows.append(row)
    _check_identities(rows)
    _check_namesakes(rows, added)
    organisation.members = rows
    _touch(tx, organisation)
    gone = sorted(str(member.id) for member in before.difference(rows))
    tx.emit("members.replaced", organisation, count=len(rows), **({"removed": gone} if gone else {}))
    _announce(tx, organisation, sealed)
    return organisation


def remove_member(tx: Tx, organisation_id: UUID, member_id: UUID, version: int | None = None) -> Organisation:
    """Take one member off the list; the organisation's version moves on."""
    organisation = tx.get(
        Organisation, organisation_id, "organisation.edit", version=version, options=(MEMBERS,)
    )
    rows = [member for member in organisation.members if member.id != member_id]
    if len(rows) == len(organisation.members):
        raise NOT_FOUND(thing="member")
    for position, row in enumerate(rows):
        row.position = position
    organisation.members = rows
    _touch(tx, organisation)
    tx.emit("member.removed", organisation, count=len(rows), removed=[str(member_id)])
    return organisation


def restore_member(tx: Tx, organisation_id: UUID, member_id: UUID) -> Organisation:
    """Put back who was removed within the day, in her place; the number of her card is to be given again.

    Raises `member_undo_over`; `member_entered_again` when she was meanwhile.
    """
    organisation = tx.get(Organisation, organisation_id, "organisation.edit", options=(WITH_DIGESTS,))
    if any(member.id == member_id for member in organisation.members):
        tx.recorded = True  # she is there already
        return organisation
    found = next((one for one in left(tx, organisation) if one.id == member_id), None)
    if found is None:
        raise MEMBER_UNDO_OVER(hours=int(UNDO.total_seconds()) // 3600)
    known = (name_key(found.name), found.birth_year)
    if any((name_key(one.name), one.birth_year) == known for one in organisation.members):
        raise MEMBER_ENTERED_AGAIN(name=found.name)
    row = Member(
        id=found.id,
        name=found.name,
        sex=found.sex,
        birth_year=found.birth_year,
        office=found.office,
        identity_digest=None,
    )
    rows = [*organisation.members]
    rows.insert(min(found.position, len(rows)), row)
    for position, one in enumerate(rows):
        one.position = position
    organisation.members = rows
    _touch(tx, organisation)
    tx.emit("member.restored", organisation, count=len(rows), restored=str(member_id))
    return organisation


def check_members(tx: Tx, organisation_id: UUID, rows: Sequence[Sequence[object]]) -> Plan:
    """What `import_members` would do; nothing is written."""
    organisation = tx.get(Organisation, organisation_id, "organisation.edit", options=(WITH_DIGESTS,))
    return _plan(tx, organisation, rows)


def import_members(
    tx: Tx,
    organisation_id: UUID,
    rows: Sequence[Sequence[object]],
    version: int | None = None,
    keep_right: bool = False,
) -> tuple[Organisation, Plan]:
    """Add and correct what the lines of a sheet say; whoever is not in it stays as she is.

    Nothing is saved while a line is wrong, unless `keep_right`: the caller reads the faults from the plan.
    """
    organisation = tx.get(
        Organisation, organisation_id, "organisation.edit", version=version, options=(WITH_DIGESTS,)
    )
    found = _plan(tx, organisation, rows)
    if (found.faults and not keep_right) or not (found.added or found.changed):
        tx.recorded = True  # looked at, nothing written
        return organisation, found
    sealed = []
    for line in (*found.changed, *found.added):
        row = line.member or _new(line.given)
        for name, value in line.given.columns().items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        sealed += [row] if _keep_identity(row, line.given) else []
        if line.member is None:
            row.position = len(organisation.members)
            organisation.members.append(row)
    _touch(tx, organisation)
    tx.emit(
        "members.imported",
        organisation,
        added=len(found.added),
        changed=len(found.changed),
        left_out=len({fault.line for fault in found.faults}),
    )
    _announce(tx, organisation, sealed)
    return organisation, found


def reveal_identity(tx: Tx, organisation_id: UUID, member_id: UUID, given: RevealIn) -> str:
    """The whole number of one card, for an officer of the province who says why: the reading is recorded."""
    organisation = tx.get(Organisation, organisation_id, "organisation.reveal")
    member = tx.session.get(Member, member_id, options=(undefer(Member.identity_number),))
    if member is None or member.organisation_id != organisation.id or not member.identity_number:
        raise NOT_FOUND(thing="member")
    number = identities.opened(member)
    tx.emit("member.identity_read", organisation, member_id=str(member.id), reason=given.reason)
    return number or ""


def _plan(tx: Tx, organisation: Organisation, rows: Sequence[Sequence[object]]) -> Plan:
    return plan(rows, organisation.members, local(tx.now).year, (YOUNGEST_MEMBER, OLDEST_MEMBER))


def _new(given: MemberIn) -> Member:
    """Her id at once: what is sealed is sealed for it."""
    return Member(id=uuid7(), identity_digest=None, **given.columns())


def _keep_identity(row: Member, given: MemberIn) -> bool:
    """Keep the number that was given, if it is not the one that is kept."""
    number = given.identity and given.identity.get_secret_value()
    if not number or row.identity_digest == secrets.digest(number):
        return False
    identities.keep(row, number)
    return True


def _check_identities(rows: Sequence[Member]) -> None:
    """A card is one person's: two members of an organisation do not have the same."""
    seen: set[str] = set()
    for i, row in enumerate(rows):
        if row.identity_digest and row.identity_digest in seen:
            raise INVALID([FieldError(f"members.{i}.identity", "identity_twice")])
        seen |= {row.identity_digest} if row.identity_digest else set()


def _check_namesakes(rows: Sequence[Member], added: Mapping[int, bool]) -> None:
    """Who is entered again would count twice in the shares; two cards, or her word, make two persons.

    `added`: the places of those who are new, and whether they were said to be somebody else.
    """
    errors, seen = [], dict[tuple[str, int], Member]()
    for i, row in enumerate(rows):
        there = seen.setdefault((name_key(row.name), row.birth_year), row)
        cards = {row.identity_digest, there.identity_digest} - {None}
        if there is not row and i in added and not added[i] and len(cards) < 2:
            said = {"name": there.name, "year": there.birth_year}
            errors.append(FieldError(f"members.{i}.name", "member_twice", said))
    if errors:
        raise INVALID(errors)


def _announce(tx: Tx, organisation: Organisation, sealed: Iterable[Member]) -> None:
    """Whose numbers are kept from now on, never which; those of an unusual shape are counted."""
    rows = list(sealed)
    if not rows:
        return
    numbers = (read_cin(identities.opened(row) or "") for row in rows)
    tx.emit(
        "member.identity_kept",
        organisation,
        members=[str(row.id) for row in rows],
        doubts=["cin_shape"] if any(number.doubtful for number in numbers) else [],
    )


def _touch(tx: Tx, organisation: Organisation) -> None:
    """The list is part of what readers see under the organisation's version."""
    flag_modified(organisation, "legal_form")
    tx.session.flush()


def _check_birth_years(tx: Tx, members: list[MemberIn]) -> None:
    year = local(tx.now).year
    low, high = year - OLDEST_MEMBER, year - YOUNGEST_MEMBER
    errors = [
        FieldError(f"members.{i}.birth_year", "birth_year_implausible", {"low": low, "high": high})
        for i, member in enumerate(members)
        if not low <= member.birth_year <= high
    ]
    if errors:
        raise INVALID(errors)
