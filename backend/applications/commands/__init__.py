"""What is done to a dossier."""

from ..lifecycle import working
from .beginning import create
from .depositing import snapshot, submit, withdraw
from .editing import keep, keep_working, require_editable, save_section
from .judging import admit, refuse
from .loading import whole, with_call

__all__ = [
    "admit",
    "create",
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
