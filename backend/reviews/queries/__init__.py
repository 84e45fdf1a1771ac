"""What is read in reviews."""

from .board import UNFINISHED, Board, Load, Need, Reader, Steered, board, listed, steered
from .ranking import (
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
    "UNFINISHED",
    "Board",
    "Identity",
    "Load",
    "Need",
    "Opened",
    "Ranking",
    "Reader",
    "Staple",
    "Steered",
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
    "steered",
    "totals",
    "whole_ranking",
]
