"""A plan in words: each fault with what to do, in the reader's language."""

from ...core.i18n import has, label
from ..schemas import FaultOut, ImportOut
from .plan import Fault, Plan


def message(lang: str, fault: Fault) -> str:
    """What to do about the cell."""
    code = f"field.{fault.code}"
    return str(label(lang, code, **fault.params)) if has("fr", code) else str(label(lang, "field.invalid"))


def messages(lang: str, plan: Plan) -> list[tuple[Fault, str]]:
    return [(fault, message(lang, fault)) for fault in plan.faults]


def told(lang: str, plan: Plan, saved: bool) -> ImportOut:
    """For the API."""
    return ImportOut(
        added=[line.line for line in plan.added],
        changed=[line.line for line in plan.changed],
        unchanged=[line.line for line in plan.unchanged],
        doubtful=[line.line for line in plan.doubtful],
        faults=[
            FaultOut(line=fault.line, cell=fault.cell, column=fault.column, code=fault.code, message=said)
            for fault, said in messages(lang, plan)
        ],
        saved=saved,
    )
