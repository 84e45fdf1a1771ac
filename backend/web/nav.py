"""The main navigation: slices register entries, the layout shows those that the actor's roles allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from backend.core.i18n import codes, label

VISITOR = "visitor"
"""Stands for nobody signed in."""
PERSON = "person"
"""Stands for anyone signed in, whatever the roles."""

SIGN_IN_PATH = "/sign-in"
SIGN_OUT_PATH = "/sign-out"


class Navigator(Protocol):
    """What the navigation asks of an actor."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def roles(self) -> Collection[str]: ...


class Entry(NamedTuple):
    """A registered entry; `roles` None shows it to everyone."""

    order: int
    path: str
    code: str
    roles: frozenset[str] | None


class Link(NamedTuple):
    """An entry as shown: its address, its words, whether the page is under it."""

    path: str
    text: str
    current: bool


_ENTRIES: dict[str, Entry] = {}


def entry(path: str, code: str, roles: Iterable[str] | None = None, order: int = 100) -> None:
    """Register an entry: `entry("/reviews", "nav.reviews", {"evaluator"}, 20)`.

    `code` has words in every language; `roles` are role names, `VISITOR` or `PERSON`; None is everyone.
    Registering a path again replaces it, so that importing a page module twice is harmless.
    """
    _ENTRIES[path] = Entry(order, path, code, None if roles is None else frozenset(roles))


@codes
def entry_codes() -> Iterable[str]:
    """The codes of the registered entries, for the check of translations."""
    return sorted(found.code for found in _ENTRIES.values())


def links(actor: Navigator, path: str, lang: str) -> list[Link]:
    """The entries for the actor in order; current is the longest one that the page lies under."""
    held = frozenset(actor.roles) | ({PERSON} if actor.is_authenticated else {VISITOR})
    shown = [found for found in sorted(_ENTRIES.values()) if found.roles is None or found.roles & held]
    under = [found.path for found in shown if _is_under(path, found.path)]
    current = max(under, key=len, default=None)
    return [Link(found.path, label(lang, found.code), found.path == current) for found in shown]


def start(actor: Navigator) -> str:
    """Where somebody's work begins: the first entry that her roles open to her, the home page without one."""
    held = frozenset(actor.roles)
    own = [found.path for found in sorted(_ENTRIES.values()) if found.roles and found.roles & held]
    return own[0] if own else "/"


def _is_under(path: str, root: str) -> bool:
    """Whether a page's path is an entry's own or below it."""
    return path == root or (root != "/" and path.startswith(f"{root}/"))
