"""Loading a call file as a draft: the one way to change what a draft says."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.core.tx import Tx
from backend.territory.models import Province
from backend.value_chains.lifecycle import UNKNOWN_CHAIN
from backend.value_chains.models import ValueChain

from ..callfile import CallFile, read
from ..lifecycle import CALL_CODE_TAKEN, CALL_FROZEN, UNKNOWN_PROVINCE
from ..models import Call, CallState

CALLS_FOLDER = Path(__file__).resolve().parents[3] / "calls"
"""Where the files named by `extends` are looked for."""


def digest(file: CallFile) -> str:
    """The SHA-256 of what the call says, however its file is laid out."""
    plain = json.dumps(file.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def read_source(text: str) -> CallFile:
    """The call that this text describes; raises CallFileInvalid with every fault and its line."""
    return read(text, base=CALLS_FOLDER)


def read_body(body: dict[str, Any]) -> CallFile:
    """The call of a JSON body: `{"source": "<yaml>"}`, or the fields of a call file themselves.

    Fields go through the same bounded reader as text, which also knows `extends`.
    """
    source = body.get("source")
    if set(body) == {"source"} and isinstance(source, str):
        return read_source(source)
    return read_source(json.dumps(body, ensure_ascii=False, indent=1))


def load(tx: Tx, file: CallFile, source: bytes | None = None) -> Call:
    """Keep the call as a draft. The same content again is the same call; another content replaces a draft.

    Once published a call is frozen: `call_frozen`. `source` is the file as it was written, whose SHA-256
    the event records.
    """
    sha256 = digest(file)
    call = tx.session.scalars(select(Call).where(Call.code == file.code).with_for_update()).one_or_none()
    if call is None:
        check_references(tx, file)
        call = Call(code=file.code, **columns(file, sha256))
        tx.add(call, "call.load")
        tx.emit("call.loaded", call, **_record(sha256, source))
        return call
    if call.province_code != file.province:
        raise CALL_CODE_TAKEN(call=file.code)
    tx.allow("call.load", call)
    if call.definition_sha256 == sha256:
        tx.recorded = True  # nothing of the call is written; an idempotency key may be
        return call
    if call.state is not CallState.DRAFT:
        raise CALL_FROZEN(call=file.code, state=f"state.call.{call.state}")
    check_references(tx, file)
    for name, value in columns(file, sha256).items():
        setattr(call, name, value)
    tx.emit("call.replaced", call, **_record(sha256, source))
    return call


def check_references(tx: Tx, file: CallFile) -> None:
    """The province and the named chains exist here."""
    if tx.session.get(Province, file.province) is None:
        raise UNKNOWN_PROVINCE(province=file.province)
    if isinstance(file.chains, str):
        return
    known = set(tx.session.scalars(select(ValueChain.code).where(ValueChain.code.in_(file.chains))))
    if unknown := [code for code in file.chains if code not in known]:
        raise UNKNOWN_CHAIN(chains=", ".join(unknown))


def columns(file: CallFile, sha256: str) -> dict[str, Any]:
    """The columns of a call that its file states."""
    return {
        "province_code": file.province,
        "title": dict(file.title),
        "opens_at": file.opens_at,
        "closes_at": file.closes_at,
        "envelope_centimes": file.envelope,
        "definition": file.as_json(),
        "definition_sha256": sha256,
    }


def _record(sha256: str, source: bytes | None) -> dict[str, str]:
    record = {"definition_sha256": sha256}
    return record | {"source_sha256": hashlib.sha256(source).hexdigest()} if source is not None else record
