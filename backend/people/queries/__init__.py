"""What may be read of people, tokens and organisations; lists are narrowed by the rules."""

from .accompaniment import accompanied, accompaniment, accompaniments
from .accounts import CURRENT_GRANTS, count_people, invitation_of, me, opened, people, person, tokens
from .comparison import Compared, compared
from .leaving import Left, left, list_changes
from .lookalikes import alike, count_lookalikes, lookalike, lookalikes, told, told_one
from .organisations import (
    Composition,
    Wanted,
    composition,
    count_organisations,
    merged_with,
    my_organisations,
    organisation,
    organisations,
    readings,
    representatives,
    shown_identities,
)

__all__ = [
    "CURRENT_GRANTS",
    "Compared",
    "Composition",
    "Left",
    "Wanted",
    "accompanied",
    "accompaniment",
    "accompaniments",
    "alike",
    "compared",
    "composition",
    "count_lookalikes",
    "count_organisations",
    "count_people",
    "invitation_of",
    "left",
    "list_changes",
    "lookalike",
    "lookalikes",
    "me",
    "merged_with",
    "my_organisations",
    "opened",
    "organisation",
    "organisations",
    "people",
    "person",
    "readings",
    "representatives",
    "shown_identities",
    "tokens",
    "told",
    "told_one",
]
