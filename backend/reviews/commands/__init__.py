"""What is done in reviews: dossiers shared out, conflicts declared, marks given, signed, sent back."""

from .assign import Assigned, Shortfall, assign, assign_call, extend, substitute
from .score import declare, recuse_tied, reopen, save, sign

__all__ = [
    "Assigned",
    "Shortfall",
    "assign",
    "assign_call",
    "declare",
    "extend",
    "recuse_tied",
    "reopen",
    "save",
    "sign",
    "substitute",
]
