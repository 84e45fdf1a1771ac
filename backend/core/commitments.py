"""What the leaf of an event commits to: each of its parts by a salted digest, so that any may stay unsaid.

A part is `[salt, name, value]`; its digest is the SHA-256 of that in canonical JSON. The leaf holds the
digests in the order of their bytes, so that a proof shows the parts that it must and gives of the others only
digests, which say nothing to who has not their salts (as in selective disclosure for JWTs, RFC 9901). The
salts of an event come from one secret of its own, except that of its author's name, which an erasure destroys
(decision 0014). Only Python is needed: no database, no network.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from .merkle import leaf_hash, node_hash

WHAT, BY, NAME, DATA = "event", "by", "actor_name", "data."
"""The parts of an event: what happened; who did it, in which request; her name; each key of its data."""
SALT_SIZE = 16
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: what is hashed."""
    return _encode(value).encode()


def digest(value: Any) -> str:
    """The fingerprint of plain JSON, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def part_salt(secret: bytes, name: str) -> str:
    """The salt of one part, in hexadecimal; it tells nothing of the secret nor of another part's."""
    return hmac.digest(secret, name.encode(), "sha256")[:SALT_SIZE].hex()


def part_digest(salt: str, name: str, value: Any) -> bytes:
    """What commits to a part."""
    return sha256(canonical([salt, name, value])).digest()


def leaf(digests: Iterable[bytes]) -> bytes:
    """The hash of the leaf that commits to these parts."""
    return leaf_hash(b"".join(sorted(digests)))


def instant(at: datetime) -> str:
    """An instant as it is hashed: UTC, microseconds always."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is read back from the database, its data parsed."""

    seq: int
    id: UUID
    at: datetime
    name: str
    subject_type: str
    subject_id: UUID
    province_code: str | None
    actor_id: UUID | None
    actor_name: str
    request_id: str
    data: Mapping[str, Any]

    def parts(self) -> Iterator[tuple[str, Any]]:
        """(name, value) of every part, the author's name excepted."""
        yield (
            WHAT,
            {
                "id": str(self.id),
                "at": instant(self.at),
                "name": self.name,
                "subject_type": self.subject_type,
                "subject_id": str(self.subject_id),
                "province_code": self.province_code,
            },
        )
        by = {"actor_id": self.actor_id and str(self.actor_id), "request_id": self.request_id}
        yield BY, by | {"seq": self.seq}
        for key, value in self.data.items():
            yield DATA + key, value

    def leaf(self, secret: bytes, name_digest: bytes) -> bytes:
        """The hash of its leaf, given what commits to its author's name."""
        found = [part_digest(part_salt(secret, name), name, value) for name, value in self.parts()]
        return leaf([*found, name_digest])


def name_digest(salt: bytes, name: str) -> bytes:
    """What commits to the name of an event's author; without the salt no name can be tried against it."""
    return part_digest(salt.hex(), NAME, name)


def seal_root(number: int, at: datetime | str, count: int, previous: str | None, events_root: str) -> str:
    """The root of a seal, in hexadecimal: its left child says which seal it is and names the root before it,
    the right one is the tree of its events. One value thus stands for all that was sealed until then.
    """
    when = at if isinstance(at, str) else instant(at)
    header = {"number": number, "at": when, "count": count, "previous": previous}
    return node_hash(leaf_hash(canonical(header)), bytes.fromhex(events_root)).hex()
