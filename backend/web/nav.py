"""The main navigation: slices register entries, the layout shows those that the actor's roles allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from backend.core.i18n import codes, label

VISITOR = "visitor"
"""Stands for nobody signed in."""
PERSON = "person"
"""Stands for anyone signed in, whatever the roles."""

FIRST_RANK = 6
"""Entries that the bar shows; the others wait under « Plus », so that it keeps to one line at 1100 px."""

SIGN_IN_PATH = "/sign-in"
SIGN_OUT_PATH = "/sign-out"


class Navigator(Protocol):
    """What the navigation asks of an actor."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def roles(self) -> Collection[str]: ...


class Entry(NamedTuple):
    """A registered entry; `roles` None shows it to everyone; `others` may open it and are not shown it."""

    order: int
    path: str
    code: str
    roles: frozenset[str] | None
    also: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()


class Link(NamedTuple):
    """An entry as shown: its address, its words, whether the page is under it."""

    path: str
    text: str
    current: bool


class Menu(NamedTuple):
    """What the layout shows: in the bar, under « Plus », with the reader's name."""

    first: list[Link]
    more: list[Link]
    own: list[Link]

    @property
    def everything(self) -> list[Link]:
        """One list, for phones."""
        return [*self.first, *self.more]


_ENTRIES: dict[str, Entry] = {}


def entry(
    path: str,
    code: str,
    roles: Iterable[str] | None = None,
    order: int = 100,
    also: Iterable[str] = (),
    others: Iterable[str] = (),
) -> None:
    """Register an entry: `entry("/reviews", "nav.reviews", {"evaluator"}, 20)`.

    `also` names other roots whose pages lie under it; `others` are roles that may open it too, though it is
    not their daily work (`opens`).

    `code` has words in every language; `roles` are role names, `VISITOR` or `PERSON`; None is everyone.
    Registering a path again replaces it, so that importing a page module twice is harmless.
    """
    shown_to = None if roles is None else frozenset(roles)
    _ENTRIES[path] = Entry(order, path, code, shown_to, tuple(also), frozenset(others))


def opens(actor: Navigator, path: str) -> bool:
    """Whether the page is for one of the actor's roles, as the nearest entry above it declares.

    Asking it of a page under no entry is a fault of ours (LookupError).
    """
    nearest = _nearest(path, _ENTRIES.values())
    if nearest is None:
        raise LookupError(f"{path} lies under no entry of the navigation")
    standing = PERSON if actor.is_authenticated else VISITOR
    return _shown(nearest, {*actor.roles, standing}) or not nearest.others.isdisjoint(actor.roles)


@codes
def entry_codes() -> Iterable[str]:
    """The codes of the registered entries, for the check of translations."""
    return sorted(found.code for found in _ENTRIES.values())


def links(actor: Navigator, path: str, lang: str) -> list[Link]:
    """The entries for the actor in order; current is the longest one that the page lies under."""
    menu = menu_for(actor, path, lang)
    return [*menu.everything, *menu.own]


def menu_for(actor: Navigator, path: str, lang: str) -> Menu:
    """The actor's entries in order: those of her work first, what everybody may open after it.

    Entries for anyone signed in (her account) go with her name. A single entry too many stays in the bar.
    """
    held = frozenset(actor.roles)
    standing = PERSON if actor.is_authenticated else VISITOR
    shown = [found for found in sorted(_ENTRIES.values()) if _shown(found, held | {standing})]
    current = _nearest(path, shown)

    def drawn(found: Iterable[Entry]) -> list[Link]:
        return [Link(one.path, label(lang, one.code), one is current) for one in found]

    own = [found for found in shown if found.roles == frozenset({PERSON})]
    work = [found for found in shown if found not in own and _is_work(found, held)]
    common = [found for found in shown if found not in own and found not in work]
    ranked = [*work, *common] if work else common
    cut = FIRST_RANK if len(ranked) > FIRST_RANK + 1 else len(ranked)
    return Menu(drawn(ranked[:cut]), drawn(ranked[cut:]), drawn(own))


def _shown(found: Entry, held: Collection[str]) -> bool:
    return found.roles is None or not found.roles.isdisjoint(held)


def _is_work(found: Entry, held: Collection[str]) -> bool:
    """Whether one of her roles opens it."""
    return found.roles is not None and not found.roles.isdisjoint(held)


def start(actor: Navigator) -> str:
    """Where somebody's work begins: the first entry that her roles open to her, the home page without one."""
    held = frozenset(actor.roles)
    own = [found.path for found in sorted(_ENTRIES.values()) if found.roles and found.roles & held]
    return own[0] if own else "/"


def _nearest(path: str, entries: Iterable[Entry]) -> Entry | None:
    """The entry with the longest root that the page lies under."""
    under = [
        (len(root), found.path, found)
        for found in entries
        for root in (found.path, *found.also)
        if _is_under(path, root)
    ]
    return max(under, key=lambda one: one[:2])[2] if under else None


def _is_under(path: str, root: str) -> bool:
    """Whether a page's path is an entry's own or below it."""
    return path == root or (root != "/" and path.startswith(f"{root}/"))
