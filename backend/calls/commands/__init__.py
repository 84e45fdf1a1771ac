"""What may be done to a call: loading a draft, its life, its versions, questions on it."""

from .amending import amend, extend
from .life import archive, publish, review
from .loading import CALLS_FOLDER, digest, load, read_body, read_source
from .questions import answer, ask, set_aside

__all__ = [
    "CALLS_FOLDER",
    "amend",
    "answer",
    "archive",
    "ask",
    "digest",
    "extend",
    "load",
    "publish",
    "read_body",
    "read_source",
    "review",
    "set_aside",
]
