"""The accounts that a demonstration offers on its sign-in page: whoever makes them says which they are."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..core.i18n import codes


class DemoAccount(NamedTuple):
    """An account whose password is no secret; `role` is the word of a role, or `member`: a committee's."""

    name: str
    role: str
    email: str
    password: str


accounts: Callable[[], Sequence[DemoAccount]] = tuple
"""Replaced by the composition root; asked only where INDH_DEMO=1."""


@codes
def account_codes() -> Iterable[str]:
    """Words of this module."""
    yield "role.member"
