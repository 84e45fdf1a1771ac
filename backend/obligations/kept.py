"""What her browser keeps for an hour after she asked or followed a request: its number and its code.

In a cookie, so that no address holds the code: addresses are logged, shared and remembered by telephones.
"""

from starlette.requests import Request
from starlette.responses import Response

from ..core.config import settings
from .schemas import FollowIn

COOKIE = "indh_information"
PATH = "/information"
AN_HOUR = 3600


def keep(response: Response, number: str, code: str) -> None:
    response.set_cookie(
        COOKIE,
        f"{number}|{code}",
        max_age=AN_HOUR,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=_over_tls(),
    )


def read(request: Request) -> FollowIn | None:
    """What it says; None when there is none, or when somebody made it up."""
    number, sign, code = request.cookies.get(COOKIE, "").partition("|")
    if not sign or len(number) > 40 or len(code) > 40:
        return None
    return FollowIn(number=number, code=code)


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax", secure=_over_tls())


def _over_tls() -> bool:
    return settings().base_url.startswith("https:")
