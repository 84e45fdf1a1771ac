"""What must hold of the data, as a sentence and the query of its counterexamples."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """A sentence that holds, and the query of its counterexamples (one column: what breaks it)."""

    name: str
    says: str
    broken: str
