"""An agent files for a holder; before it is deposited, the holder confirms what was typed.

She reads back a code that was sent to her telephone, or signs a sheet that bears the fingerprint of what was
typed. Either confirms exactly that: whatever changes afterwards is to be confirmed again.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256 as digest
from uuid import UUID

from sqlalchemy import func, select

from ..core.config import settings
from ..core.errors import FieldError, Problem, problem
from ..core.events import Event, declare
from ..core.tx import Tx
from ..files import queries as files
from ..files.content import INLINE
from ..people.commands import phones
from ..people.models import Accompaniment
from .lifecycle import assistance_of, complete, editable, working
from .models import Application, ApplicationState, Assistance, Proof
from .receipts import sha256

NOT_ASSISTED = problem("not_assisted", 409)
NO_PHONE = problem("holder_without_phone", 409)
SHEET_KIND = problem("sheet_kind", 422)
CODES_ENOUGH = problem("codes_enough", 409)
CODE_WRONG = problem("code_wrong", 409)
CODE_EXPIRED = problem("code_expired", 409)

declare("assistance.code_asked", "assistance.code_refused", "assistance.confirmed", "assistance.taken_over")

LIVES = timedelta(minutes=10)
ATTEMPTS = 5
ASKED_AN_HOUR = 5
UNDER_WAY = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED)


def ask_code(tx: Tx, application_id: UUID) -> Assistance:
    """Owe the holder a code by SMS. It is made when it leaves, so that it is written down nowhere.

    Raises `incomplete`, with what lacks: a code confirms a dossier that can be deposited.
    """
    application, assistance = _held(tx, application_id)
    if lacks := complete(tx, application):  # whatever is added would have to be confirmed again
        raise lacks
    found = tx.session.execute(phones(application.organisation_id).limit(1)).first()
    if found is None:
        raise NO_PHONE()
    phone, holder = found
    asked = select(func.count()).where(
        Event.subject_id == application.id,
        Event.name == "assistance.code_asked",
        Event.at > tx.now - timedelta(hours=1),
    )
    if tx.session.execute(asked).scalar_one() >= ASKED_AN_HOUR:
        raise CODES_ENOUGH()
    assistance.phone, assistance.attempts = phone, 0
    assistance.code_hash, assistance.code_sent_at = None, None
    tx.emit("assistance.code_asked", application, phone=masked(phone), person=str(holder) if holder else None)
    tx.session.flush()
    return assistance


def fresh_code(tx: Tx, application_id: UUID) -> str | None:
    """A code for what is typed at this moment, for the message that leaves now; None when none is awaited."""
    application = tx.session.get_one(Application, application_id)
    asked = select(Assistance).where(Assistance.application_id == application_id).with_for_update()
    assistance = tx.session.scalars(asked).one_or_none()
    if assistance is None:
        return None
    code = f"{secrets.randbelow(10**6):06d}"
    assistance.code_hash, assistance.code_sent_at = _hashed(assistance, application, code), tx.now
    tx.session.flush()
    return code


def confirm_by_code(tx: Tx, application_id: UUID, code: str) -> Assistance | None:
    """The code that the holder read back; None when it is wrong, which is counted and must be committed."""
    application, assistance = _held(tx, application_id)
    tx.session.refresh(assistance, ["code_hash"])
    alive = assistance.code_sent_at and assistance.code_sent_at + LIVES > tx.now
    if not assistance.code_hash or not alive or assistance.attempts >= ATTEMPTS:
        raise CODE_EXPIRED()
    typed = "".join(str(int(sign)) for sign in code if sign.isdecimal())
    if not hmac.compare_digest(assistance.code_hash, _hashed(assistance, application, typed)):
        assistance.attempts += 1
        tx.emit("assistance.code_refused", application, attempts=assistance.attempts)
        tx.session.flush()
        return None
    assistance.code_hash = None
    return _confirmed(tx, application, assistance, Proof.CODE)


def code_wrong(tx: Tx, application_id: UUID) -> Problem:
    """What is said of a wrong code, with the attempts that are left; in the transaction that counted it."""
    asked = select(Assistance.attempts).where(Assistance.application_id == application_id)
    left = max(0, ATTEMPTS - tx.session.execute(asked).scalar_one())
    return CODE_WRONG([FieldError("code", "code_wrong", {"left": left})])


def confirm_by_sheet(tx: Tx, application_id: UUID, file_id: UUID) -> Assistance:
    """The sheet that she signed, scanned by the agent: an image of it, told by the file's content."""
    application, assistance = _held(tx, application_id)
    file = files.one(tx, file_id)
    if file.media_type not in INLINE:
        raise SHEET_KIND([FieldError("sheet", "sheet_kind")])
    assistance.sheet_file_id = file.id
    return _confirmed(tx, application, assistance, Proof.SHEET)


def hand_over(tx: Tx, accompaniment_id: UUID) -> int:
    """What earlier agents were filing for the organisation goes on with the one whom its holder chose.

    What an officer of the DAS types stays hers. Returns how many dossiers changed hands.
    """
    begun = tx.session.get_one(Accompaniment, accompaniment_id)
    if begun.until is not None:  # chosen again meanwhile: the latest takes over
        return 0
    agents = select(Accompaniment.agent_id).where(
        Accompaniment.organisation_id == begun.organisation_id, Accompaniment.since.is_not(None)
    )
    held = tx.session.execute(
        select(Application, Assistance)
        .join(Assistance, Assistance.application_id == Application.id)
        .where(
            Application.organisation_id == begun.organisation_id,
            Application.province_code == begun.province_code,
            Application.state.in_(UNDER_WAY),
            Assistance.agent_id.in_(agents),
            Assistance.agent_id != begun.agent_id,
        )
        .order_by(Application.id)
        .with_for_update(of=Assistance)
    ).all()
    for application, assistance in held:
        former, assistance.agent_id, assistance.code_hash = assistance.agent_id, begun.agent_id, None
        tx.emit("assistance.taken_over", application, former=str(former), agent=str(begun.agent_id))
    tx.session.flush()
    return len(held)


def fingerprint(application: Application) -> str:
    """Of what is written, as the sheet says it and a confirmation keeps it."""
    return sha256(working(application))


def masked(phone: str) -> str:
    """Enough of it to be recognised."""
    return f"•••• {phone[-2:]}"


def _confirmed(tx: Tx, application: Application, assistance: Assistance, proof: Proof) -> Assistance:
    assistance.proof, assistance.confirmed_at = proof, tx.now
    assistance.confirmed_sha256 = fingerprint(application)
    tx.emit("assistance.confirmed", application, proof=proof.value, sha256=assistance.confirmed_sha256)
    tx.session.flush()
    return assistance


def _held(tx: Tx, application_id: UUID) -> tuple[Application, Assistance]:
    """The dossier, locked, and who files it; only that agent goes on, and only while it may change."""
    application = tx.get(Application, application_id, "application.assist")
    assistance = assistance_of(tx, application)
    if assistance is None:
        raise NOT_ASSISTED()
    if refusal := editable(tx, application):
        raise refusal
    return application, assistance


def _hashed(assistance: Assistance, application: Application, code: str) -> str:
    """Bound to what was typed when it left: changed meanwhile, the code confirms nothing."""
    said = f"{assistance.id}:{fingerprint(application)}:{code}"
    return hmac.new(settings().secret_key.encode(), said.encode(), digest).hexdigest()
