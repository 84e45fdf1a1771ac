"""Which dossiers the money goes to: strictly by rank, or the best portfolio under a call's constraints.

Nothing here reads the database. `problem`, `program`, `solve`, `conflict` and `study` need numpy and scipy
(some 60 MB): the platform reaches them through `apart`, in a process that ends with the answer.
"""

from .rank import Candidate, Verdict, allocate, reason, weakest

__all__ = ["Candidate", "Verdict", "allocate", "reason", "weakest"]
