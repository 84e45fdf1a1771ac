"""What is wrong in a call file: where, what, and what is allowed instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backend.core.i18n import codes, translate

SHOWN = 12
"""How many allowed words an error line lists; the rest is counted."""

# One code per kind of fault; `callfile.<code>` has its words in both languages.
ISSUE_CODES = (
    "empty",
    "too_large",
    "too_deep",
    "too_many",
    "binary",
    "syntax",
    "unreadable",
    "bad_character",
    "tag",
    "several_documents",
    "key_not_text",
    "duplicate_key",
    "alias_unknown",
    "alias_recursive",
    "not_a_mapping",
    "extends_no_base",
    "extends_outside",
    "extends_missing",
    "extends_twice",
    "missing_field",
    "missing_translation",
    "unknown_field",
    "unknown_condition",
    "unknown_fact",
    "fact_type",
    "unknown_operator",
    "operator_type",
    "no_operator",
    "two_operators",
    "condition_shape",
    "condition_two_heads",
    "between_two",
    "between_order",
    "share_type",
    "value_money",
    "value_ratio",
    "value_date",
    "value_length",
    "value_count",
    "value_bool",
    "value_choice",
    "value_set",
    "text",
    "list_expected",
    "mapping_expected",
    "number",
    "bool",
    "choice",
    "code_form",
    "too_short",
    "too_long",
    "too_small",
    "too_big",
    "invalid",
    "money",
    "ratio",
    "date",
    "local_time",
    "hour_missing",
    "hour_twice",
    "province",
    "url",
    "window_order",
    "duplicate",
    "sum_weights",
    "sum_tranches",
    "unknown_rule",
    "rule_cycle",
    "reserved_code",
    "caps_contradict",
    "rules_contradict",
    "cap_over_envelope",
    "cap_case_missing",
    "levels_count",
    "floor_too_high",
    "tie_break_unknown",
    "section_missing",
    "section_unknown",
    "section_empty",
    "milestone_late",
    "unknown_path",
    "not_increasing",
    "working_days",
    "working_days_unused",
    "document_form",
    "sector_of_chain",
    "limit",
    "selection_unused",
    "selection_share",
    "selection_no_limit",
    "selection_measures",
    "selection_order",
    "selection_share_of_all",
    "selection_over_envelope",
    "selection_rule",
    "caution_same_text",
    "caution_year",
    "caution_reference",
    "caution_closing_day",
)


@codes
def issue_codes() -> Iterable[str]:
    """Every code of this module that needs words in both languages."""
    yield from (f"callfile.{code}" for code in ISSUE_CODES)
    yield from ("callfile.allowed", "callfile.and_more", "callfile.valid", "callfile.count")
    yield from ("callfile.loaded", "callfile.amended", "callfile.cautions")


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of a call file. `line` and `column` start at 1 (0 when there is no file text)."""

    file: str
    line: int
    column: int
    path: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()

    def message(self, lang: str) -> str:
        """What is wrong, in plain words."""
        code = f"field.{self.code}" if self.code.startswith("amendment_") else f"callfile.{self.code}"
        spoken = {k.removesuffix(f"_{lang}"): v for k, v in self.params.items() if k.endswith(f"_{lang}")}
        own = {**self.params, **spoken, "column": str(self.column)}
        return translate(lang, code).format_map(_Params(own))

    def allowed_words(self, lang: str) -> str:
        """« Permis : … », nearest first; empty when there is nothing to list."""
        if not self.allowed:
            return ""
        listed = ", ".join(self.allowed[:SHOWN])
        if len(self.allowed) > SHOWN:
            listed += " " + translate(lang, "callfile.and_more", n=len(self.allowed) - SHOWN)
        return translate(lang, "callfile.allowed", allowed=listed)

    def line_of_text(self, lang: str) -> str:
        """`file:line: what is wrong. Allowed: …`, one printable line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        at = f" [{self.path}]" if self.path else ""
        text = f"{place}: {self.message(lang)}{at} {self.allowed_words(lang)}".strip()
        return "".join(one if one.isprintable() or one in "\u00a0\u2068\u2069" else "\ufffd" for one in text)

    def as_json(self) -> dict[str, object]:
        """For problem documents: codes and places, with the words in both languages."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "code": self.code,
            "params": dict(self.params),
            "allowed": list(self.allowed),
            "message": {lang: self.message(lang) for lang in ("fr", "ar")},
        }


class _Params(dict[str, str]):
    """Parameters of a message; a missing one is left empty rather than raised inside an error path."""

    def __missing__(self, key: str) -> str:
        return ""


class CallFileInvalid(ValueError):
    """A call file that cannot be used; `issues` is every fault found, in the order of the file."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(sorted(issues, key=lambda issue: (issue.file, issue.line, issue.column)))
        super().__init__("; ".join(issue.line_of_text("fr") for issue in self.issues[:5]))

    def text(self, lang: str) -> str:
        """Every fault, one a line."""
        return "\n".join(issue.line_of_text(lang) for issue in self.issues)
