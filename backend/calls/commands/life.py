"""From a draft to a call put away: published, examined, archived. Each publication freezes a version."""

from uuid import UUID

from backend.core.tx import Tx

from ..lifecycle import LIFECYCLE, committee_of
from ..models import Call, CallVersion, VersionKind


def publish(tx: Tx, call_id: UUID, version: int | None = None) -> Call:
    """Open the call to the public and freeze it as version 1; its committee is settled now.

    `version` is the one that was read before publishing: 412 when the call says something else since.
    """
    call = tx.get(Call, call_id, "call.publish", version=version)
    LIFECYCLE.fire(tx, call, "publish", definition_sha256=call.definition_sha256)
    committee = committee_of(tx, call)
    call.committee_id = committee.id if committee else None
    call.published_at = tx.now
    freeze(tx, call, VersionKind.PUBLICATION)
    return call


def freeze(tx: Tx, call: Call, kind: VersionKind, reason: dict[str, str] | None = None) -> CallVersion:
    """Keep what the call says now as its next version, for good."""
    call.version_number += 1
    made = CallVersion(
        call_id=call.id,
        number=call.version_number,
        kind=kind,
        reason=reason,
        definition=call.definition,
        definition_sha256=call.definition_sha256,
        published_at=tx.now,
        published_by=tx.actor.id,
    )
    tx.session.add(made)
    return made


def review(tx: Tx, call_id: UUID) -> Call:
    """Begin the examination of a call whose window is over."""
    call = tx.get(Call, call_id, "call.review")
    LIFECYCLE.fire(tx, call, "review")
    return call


def archive(tx: Tx, call_id: UUID) -> Call:
    """Put away a draft, or a call whose window is over."""
    call = tx.get(Call, call_id, "call.archive")
    LIFECYCLE.fire(tx, call, "archive")
    return call
