"""A call's terms as its dossiers need them: its file and its rules, parsed once a process."""

from dataclasses import dataclass

from ..calls.callfile import CallFile
from ..calls.models import Call
from ..calls.queries import definition
from ..calls.rules import Rule
from . import declared

MOST = 64


@dataclass(frozen=True)
class Terms:
    """A call file, every rule that it stands for, and the declarations that those rules ask for."""

    file: CallFile
    rules: tuple[Rule, ...]
    asked: tuple[str, ...] = ()


_kept: dict[str, Terms] = {}


def terms(call: Call) -> Terms:
    """The terms of a call, kept by the hash of its file, which then need not be read again."""
    found = _kept.get(call.definition_sha256)
    if found is None:
        file = definition(call)
        rules = file.every_rule()
        found = Terms(file, rules, declared.asked(rules))
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[call.definition_sha256] = found
    return found
