"""Text messages: posted as JSON to a gateway; in a demonstration without one, caught like mail."""

import json
import unicodedata
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from ..core.config import settings

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38: 160 of these letters are one text. A single other one, and 70 are (3GPP TS 23.038)."""
NEAREST = str.maketrans({"’": "'", "«": '"', "»": '"', "–": "-", "—": "-", "œ": "oe", "Œ": "OE", "…": "..."})
TIMEOUT = 10  # seconds; a gateway that hangs must not hold a worker longer
NO_GATEWAY = "no_gateway"


@dataclass(frozen=True)
class Text:
    """One text; `id` is the same at every attempt, for a gateway that sorts out repeats."""

    to: str
    body: str
    id: str
    subject: str
    language: str
    at: datetime


def plain(text: str) -> str:
    """French in GSM's letters: é, è, à and ù stay, those that it lacks lose their accents."""
    said = "".join(" " if c.isspace() and c != "\n" else c for c in text.translate(NEAREST))
    return "".join(c if c in GSM else _bare(c) for c in said)


def _bare(sign: str) -> str:
    """Without what is written over or under it; nothing when it has no plain form."""
    return "".join(c for c in unicodedata.normalize("NFKD", sign) if c in GSM)


def parts(text: str) -> int:
    """How many texts a telephone counts: 160 or 70 letters alone, 153 or 67 each when there are several."""
    if all(sign in GSM for sign in text):
        alone, each, size = 160, 153, len(text)
    else:
        alone, each, size = 70, 67, len(text.encode("utf-16-le")) // 2
    return 1 if size <= alone else -(-size // each)


def send(text: Text) -> str | None:
    """None once it was taken; the code of a refusal for good. Anything else raises, to be tried again."""
    here = settings()
    if here.sms_url:
        return _post(text)
    if here.demo and here.mail_dir:
        _catch(text, here.mail_dir)
        return None
    return NO_GATEWAY


def _post(text: Text) -> str | None:
    """`{"to", "text", "id"}`; the answer's body is not read: it may repeat what was said."""
    body = json.dumps({"to": text.to, "text": text.body, "id": text.id}).encode()
    headers = {"content-type": "application/json"}
    if settings().sms_token:
        headers["authorization"] = f"Bearer {settings().sms_token}"
    asked = urllib.request.Request(settings().sms_url, body, headers, method="POST")  # noqa: S310 (the operator's)
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT):  # noqa: S310
            return None
    except urllib.error.HTTPError as refusal:
        refusal.close()
        if 400 <= refusal.code < 500 and refusal.code not in (408, 429):
            return str(refusal.code)
        raise


def _catch(text: Text, folder: Path) -> None:
    """As the catcher of mail writes its files, so that the same page shows it."""
    message = EmailMessage()
    message["To"] = text.to
    message["Subject"] = f"SMS · {text.subject}"
    message["Date"] = format_datetime(text.at)
    message["Message-ID"] = f"<{text.id}@sms.invalid>"
    message.set_content(text.body, charset="utf-8", cte="base64")
    message["Content-Language"] = text.language
    now = datetime.now(UTC)
    print_ = sha256(text.id.encode()).hexdigest()[:16]
    (folder / f"{now:%Y%m%dT%H%M%S}.{now.microsecond:06d}Z-{now.microsecond:06d}-{print_}.eml").write_bytes(
        message.as_bytes()
    )
