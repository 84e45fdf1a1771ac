"""What is missing from a dossier before it can be submitted, section by section. Pure: no database.

A section is `todo` (nothing typed), `progress` (something missing), `fix` (something contradicts),
`complete`, or `optional` (nothing typed, nothing asked). Each missing field has a path and a code with words
(`field.<code>`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..calls.callfile import CallFile
from ..calls.rules.vocabulary import chain_rows
from ..core.errors import FieldError
from ..people.models import LegalForm, Organisation
from . import declared
from .sections import DECLARATIONS, filled

Content = Mapping[str, Mapping[str, Any]]
ALONE = frozenset({LegalForm.SOLE_TRADER, LegalForm.SARL, LegalForm.PARTNERSHIP})
"""Forms that may be held without a list of members."""
FIX = frozenset({"chain_of_another_sector", "more_youth_than_jobs", "document_not_asked"})
"""Codes of what contradicts, against what is only missing."""


@dataclass(frozen=True)
class Status:
    """How far a section is, and what it lacks."""

    section: str
    state: str
    missing: tuple[FieldError, ...] = ()


def statuses(
    content: Content, file: CallFile, organisation: Organisation, members: int, questions: Iterable[str] = ()
) -> list[Status]:
    """Every section of the task list, in its order. `questions`: the declarations that must be answered."""
    form = call_form(organisation.legal_form)
    found = [
        _status("organisation", True, _organisation(organisation)),
        _status("members", members > 0, _members(organisation, members)),
    ]
    for section, check in _CHECKS.items():
        data = content.get(section) or {}
        found.append(_status(section, bool(data), check(data)))
        if section == "financing":
            found.append(Status("plan", "complete" if _says_something(content.get("plan")) else "optional"))
    documents = content.get("documents") or {}
    asked = file.required_documents(form)
    started = bool(documents.get("provided")) or not asked or not file.documents
    found.append(_status("documents", started, _documents(documents, file, form)))
    said = {name: one for name, one in (content.get("declarations") or {}).items() if one not in (None, [])}
    waiting = [*_declarations(said), *declared.unanswered(said, questions)]
    found.append(_status("declarations", bool(said), waiting))
    return found


def unfinished(found: Iterable[Status]) -> list[FieldError]:
    """The fields that keep a dossier from being submitted, as `section.field`."""
    return [
        FieldError(f"{status.section}.{error.field}", error.code, error.params)
        for status in found
        for error in status.missing
    ]


def contradictions(section: str, data: Mapping[str, Any]) -> list[FieldError]:
    """What a section says that cannot stand together, whatever else is missing."""
    check = _CHECKS.get(section)
    return [error for error in check(data) if error.code in FIX] if check else []


def call_form(form: LegalForm) -> str:
    """The legal form in the words of the calls, which name partnerships and SARL together (TPME)."""
    return _FORMS.get(form, form.value)


def company_type(form: LegalForm) -> str | None:
    """The kind of company, for forms that are one."""
    return {LegalForm.PARTNERSHIP: "partnership", LegalForm.SARL: "sarl"}.get(form)


_FORMS = {LegalForm.UNION: "cooperative_union", LegalForm.PARTNERSHIP: "tpme", LegalForm.SARL: "tpme"}


def _status(section: str, started: bool, errors: Iterable[FieldError]) -> Status:
    missing = tuple(errors)
    if not missing:
        return Status(section, "complete")
    if any(error.code in FIX for error in missing):
        return Status(section, "fix", missing)
    return Status(section, "progress" if started else "todo", missing)


def _says_something(data: Mapping[str, Any] | None) -> bool:
    values = (data or {}).values()
    return any(filled(value) if isinstance(value, list) else value is not None for value in values)


def _needed(data: Mapping[str, Any], *names: str) -> Iterator[FieldError]:
    for name in names:
        if data.get(name) in (None, ""):
            yield FieldError(name, "missing")


def _organisation(organisation: Organisation) -> Iterator[FieldError]:
    if organisation.created_on is None:
        yield FieldError("created_on", "missing")


def _members(organisation: Organisation, members: int) -> Iterator[FieldError]:
    if not members and organisation.legal_form not in ALONE:
        yield FieldError("members", "missing")


def _project(data: Mapping[str, Any]) -> Iterator[FieldError]:
    yield from _needed(data, "title", "summary", "sector")
    chain = chain_rows().get(data.get("chain") or "")
    if chain and data.get("sector") and chain["sector"] != data["sector"]:
        yield FieldError("chain", "chain_of_another_sector")


def _location(data: Mapping[str, Any]) -> Iterator[FieldError]:
    yield from _needed(data, "commune", "premises")


def _budget(data: Mapping[str, Any]) -> Iterator[FieldError]:
    lines = data.get("lines") or []
    if not filled(lines):
        yield FieldError("lines", "missing")
    for i, line in enumerate(lines):
        for error in _needed(line, "label", "kind", "amount_centimes") if line else ():
            yield FieldError(f"lines.{i}.{error.field}", error.code)


def _financing(data: Mapping[str, Any]) -> Iterator[FieldError]:
    yield from _needed(data, "indh_centimes", "own_cash_centimes", "own_in_kind_centimes")
    for i, partner in enumerate(data.get("partners") or ()):
        for error in _needed(partner, "name", "amount_centimes") if partner else ():
            yield FieldError(f"partners.{i}.{error.field}", error.code)


def _results(data: Mapping[str, Any]) -> Iterator[FieldError]:
    young = () if data.get("jobs_youth") is not None else ("jobs_women_youth", "jobs_men_youth")
    yield from _needed(data, "jobs_women", "jobs_men", *young, "income_centimes")
    for sex in ("jobs_women", "jobs_men"):
        if (data.get(f"{sex}_youth") or 0) > (data.get(sex) or 0):
            said = {"youth": data[f"{sex}_youth"], "jobs": data.get(sex) or 0}
            yield FieldError(f"{sex}_youth", "more_youth_than_jobs", said)
            return
    jobs = (data.get("jobs_women") or 0) + (data.get("jobs_men") or 0)
    if (data.get("jobs_youth") or 0) > jobs:
        yield FieldError("jobs_youth", "more_youth_than_jobs", {"youth": data["jobs_youth"], "jobs": jobs})


def _documents(data: Mapping[str, Any], file: CallFile, form: str) -> Iterator[FieldError]:
    provided = handed_in(data)
    asked = {one.code for one in file.documents if one.asked_of(form)}
    for one in file.documents:
        if one.required and one.asked_of(form) and one.code not in provided:
            yield FieldError(one.code, "document_missing")
    for code in sorted(provided - asked):
        yield FieldError(code, "document_not_asked")


def handed_in(data: Mapping[str, Any]) -> frozenset[str]:
    """Codes of the papers that are there: as a file, or on paper at the counter."""
    found = data.get("provided") or ()
    return frozenset(item["code"] for item in found if item.get("file") or item.get("paper"))


def _declarations(data: Mapping[str, Any]) -> Iterator[FieldError]:
    for code in DECLARATIONS:
        if code not in (data.get("accepted") or ()):
            yield FieldError(code, "declaration_missing")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], Iterator[FieldError]]] = {
    "project": _project,
    "location": _location,
    "budget": _budget,
    "financing": _financing,
    "results": _results,
}
