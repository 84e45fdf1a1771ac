"""What only the holder can tell of herself, asked because a rule of the call reads it (« un autre emploi »).

These answers stand in the declarations of her dossier. A call whose rules read none of them asks nothing; a
deposit made before its question existed is not incomplete for want of an answer: its rule cannot tell.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ..calls.checking.questions import bases
from ..calls.rules import FactValue, Rule
from ..calls.rules.conditions import facts_of
from ..calls.rules.derive import age_on
from ..calls.rules.facts import DECLARED
from ..core.errors import FieldError

FIELDS = {
    "holder.age": "born_on",
    "holder.has_other_job": "other_job",
    "organisation.active": "active",
    "organisation.active_since": "active_since",
    "organisation.financed_before": "financed_before",
    "organisation.times_financed": "times_financed",
    "members.one_family": "one_family",
    "members.families": "families",
}
"""Facts that no other section fills, and the declaration that tells each."""
FACTS = {field: fact for fact, field in FIELDS.items()}
assert FIELDS.keys() == DECLARED
YES_NO = frozenset({"other_job", "active", "financed_before", "one_family"})


def asked(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The declarations that these rules need, in their order on the page."""
    conditions = [one.node for rule in rules for one in (rule.when, rule.check) if one]
    read = {base for node in conditions for code in facts_of(node) for base in bases(code)}
    return tuple(field for fact, field in FIELDS.items() if fact in read)


def unanswered(data: Mapping[str, Any], questions: Iterable[str]) -> Iterator[FieldError]:
    """The questions of the call that wait for an answer."""
    for field in questions:
        if data.get(field) is None:
            yield FieldError(field, "missing")


def facts(data: Mapping[str, Any], on: date) -> dict[str, FactValue | None]:
    """The facts that she declared, her age in completed years `on` the call's reference date.

    Who is not born by then has no age: the rule cannot tell.
    """
    known: dict[str, FactValue | None] = {}
    for field, fact in FACTS.items():
        said = data.get(field)
        if said is None:
            continue
        if field in YES_NO:
            known[fact] = said == "yes"
        elif field == "born_on":
            born = date.fromisoformat(said)
            known[fact] = age_on(born, on) if born <= on else None
        else:
            known[fact] = date.fromisoformat(said) if field == "active_since" else said
    return known
