"""Which dossiers the money goes to: strictly by rank, or the best portfolio under a call's constraints.

Nothing here reads the database. `problem`, `program`, `solve`, `conflict` and `study` need numpy and scipy
(some 60 MB): the platform reaches them through `apart`, in a process that ends with the answer. That process
in turn loads none of what `rank` knows of calls: it is asked for when it is named.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rank import Candidate, Verdict, allocate, reason, weakest

__all__ = ["Candidate", "Verdict", "allocate", "reason", "weakest"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from . import rank

    return getattr(rank, name)
