"""A form sent after the session ended: what was typed waits in the sign-in form, to be sent again after it.

It travels in the pages themselves, never on the server, so that it works without JavaScript.
"""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from ..core.actor import ANONYMOUS
from .language import local_path
from .render import render

Pairs = list[tuple[str, str]]


def pack(path: str, typed: Iterable[tuple[str, str]]) -> str:
    """Where a form went and what it held, as one value."""
    return f"{path}?{urlencode(list(typed))}"


def unpack(kept: str) -> tuple[str, Pairs] | None:
    """The same back; None for what is no form of ours."""
    path, _, typed = kept.partition("?")
    if not path or local_path(path, "") != path:
        return None
    return path, parse_qsl(typed, keep_blank_values=True)


async def ask_again(request: Request, back: str) -> Response | None:
    """The page that asks her to sign in and holds what she typed; None when the form held nothing."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return None  # files do not fit into a page
    form = await request.form(max_fields=500, max_files=0)
    typed = [(key, value) for key, value in form.multi_items() if isinstance(value, str)]
    if not any(value.strip() for key, value in typed if key != "version"):
        return None
    kept = pack(request.url.path, [(key, value) for key, value in typed if "password" not in key])
    return render(request, ANONYMOUS, "people/signed_out.html", status=401, kept=kept, next=back)
