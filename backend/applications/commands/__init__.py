"""What is done to a dossier."""

from ..lifecycle import working
from .beginning import create
from .depositing import drop_changes, snapshot, submit, withdraw
from .editing import keep, keep_working, require_editable, save_section
from .judging import admit, ask_completion, refuse
from .loading import whole, with_call

__all__ = [
    "admit",
    "ask_completion",
    "create",
    "drop_changes",
    "keep",
    "keep_working",
    "refuse",
    "require_editable",
    "save_section",
    "snapshot",
    "submit",
    "whole",
    "with_call",
    "withdraw",
    "working",
]
