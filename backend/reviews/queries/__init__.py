"""What is read in reviews."""

from .board import Board, Load, Need, board, listed
from .ranking import (
    DISCORDANT_HUNDREDTHS,
    Ranking,
    Totals,
    may_rank,
    ranges,
    ranked_call,
    ranking,
    totals,
    whole_ranking,
)
from .stack import Identity, Opened, Staple, assignment, dossier, identity, stack

__all__ = [
    "DISCORDANT_HUNDREDTHS",
    "Board",
    "Identity",
    "Load",
    "Need",
    "Opened",
    "Ranking",
    "Staple",
    "Totals",
    "assignment",
    "board",
    "dossier",
    "identity",
    "listed",
    "may_rank",
    "ranges",
    "ranked_call",
    "ranking",
    "stack",
    "totals",
    "whole_ranking",
]
