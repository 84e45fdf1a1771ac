"""Call files: a published notice as data, checked with the place of every fault. See docs/call-file.md."""

from backend.calls.callfile.issues import CallFileInvalid, Issue
from backend.calls.callfile.models import CallFile
from backend.calls.callfile.reader import from_json, read

__all__ = ["CallFile", "CallFileInvalid", "Issue", "from_json", "read"]
