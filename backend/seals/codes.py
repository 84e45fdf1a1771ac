"""One field for every code: a receipt's, a letter's, or the address of minutes, as typed or as pasted."""

import re
from urllib.parse import unquote
from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application, Submission
from ..applications.receipts import read_code
from ..committees.models import Minutes
from ..core.errors import problem
from ..core.tx import Tx
from ..decisions.models import Letter

MISTYPED = problem("code_mistyped", 422)
UNKNOWN = problem("code_unknown", 422)

LONGEST = 2_000
"""Characters that are looked at: a whole address may be pasted."""
_ADDRESS = re.compile(r"/(?:receipts|letters|minutes|verify)/([^/?&#\s]+)|[?&]code=([^/?&#\s]+)")
_SIGNS = str.maketrans("OoIiLl", "001111", "- \u00a0\u200e\u200f\u2066\u2067\u2068\u2069")


def plain(typed: str) -> str:
    """What was typed, or the code inside the address that was pasted."""
    found = _ADDRESS.search(typed[:LONGEST])
    return unquote(found[1] or found[2]).strip() if found else typed[:LONGEST].strip()


def leads_to(tx: Tx, typed: str) -> str:
    """The page that checks it. Raises `code_mistyped` when no code of ours is written so, `code_unknown`."""
    text = plain(typed)
    code, minutes = read_code(text[:60]), _minutes_id(text)
    if code is None and minutes is None:
        raise MISTYPED()
    if code:
        letter = select(Letter.code).where(Letter.code == code)
        if tx.session.scalar(tx.visible(letter, "letter.check")):
            return f"/letters/{code}"
        receipt = select(Submission.application_id).join(
            Application, Application.id == Submission.application_id
        )
        if tx.session.scalar(tx.visible(receipt.where(Submission.receipt_code == code), "receipt.read")):
            return f"/receipts?code={code}"
    elif tx.session.scalar(tx.visible(select(Minutes.id).where(Minutes.id == minutes), "minutes.check")):
        return f"/minutes/{minutes}"
    raise UNKNOWN()


def _minutes_id(text: str) -> UUID | None:
    """The 32 signs of the address of minutes, whatever stands between them; O is read 0, I and L 1."""
    signs = text.translate(_SIGNS)
    try:
        return UUID(hex=signs) if len(signs) == 32 else None
    except ValueError:
        return None
