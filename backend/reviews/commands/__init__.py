"""What is done in reviews: dossiers shared out, conflicts declared, marks given, signed, sent back, noted."""

from .assign import Assigned, Shortfall, assign, assign_call, extend, substitute
from .hand import replace, reread, withdraw
from .knowledge import know
from .notes import edit_note, write_note
from .report import REPORT, ask_report, behind, owe_report, report
from .score import abstain, declare, recuse_tied, reopen, save, sign
from .ties import confirm, dismiss, look, settle
from .viability import see_viability

__all__ = [
    "REPORT",
    "Assigned",
    "Shortfall",
    "abstain",
    "ask_report",
    "assign",
    "assign_call",
    "behind",
    "confirm",
    "declare",
    "dismiss",
    "edit_note",
    "extend",
    "know",
    "look",
    "owe_report",
    "recuse_tied",
    "reopen",
    "replace",
    "report",
    "reread",
    "save",
    "see_viability",
    "settle",
    "sign",
    "substitute",
    "withdraw",
    "write_note",
]
