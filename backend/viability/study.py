"""The whole analysis of a plan, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from .figures import LOAN, Figure, Year, figures, years
from .model import Projection, project
from .operations import AS_PLANNED, Operations
from .plan import Fault, Plan, blocking, faults
from .sensitivity import Effect, sensitivity

if TYPE_CHECKING:  # numpy takes 25 MB: loaded when something is drawn
    from .montecarlo import Risk, Simulation


class Read(Protocol):
    """What says which fields of a dossier it read, `*` standing for each product or line."""

    @property
    def fields(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Study:
    """A plan and all that follows from it; `simulation` is None when no draw was asked."""

    plan: Plan
    notes: tuple[Fault, ...]
    base: Projection
    years: tuple[Year, ...]
    figures: tuple[Figure, ...]
    effects: tuple[Effect, ...]
    simulation: "Simulation | None"

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, int | None], Figure]:
        return {(one.key, one.year): one for one in self.figures}

    def figure(self, key: str, number: int | None = None) -> Figure:
        """One figure; `number` is the year (1 …) of those told by year."""
        return self._by_key[key, number]

    def value(self, key: str, number: int | None = None) -> Any:
        """Its value, or None."""
        return self.figure(key, number).value

    def fields(self, one: Read) -> tuple[str, ...]:
        """The places of the dossier that a figure or a sentence read; `*` becomes each product or line.

        Without a loan its terms were not read.
        """
        found: dict[str, None] = {}
        for field in one.fields:
            if field in LOAN[1:] and not self.plan.financing.loan:
                continue
            group, star, rest = field.partition(".*")
            things = self.plan.products if group == "plan.products" else self.plan.investments
            places = [f"{thing.at}{rest}" for thing in things] if star else [field]
            found.update(dict.fromkeys(places))
        return tuple(found)


def study(plan: Plan, *, draws: int = 1000, seed: int = 0, risk: "Risk | None" = None) -> Study:
    """Compute everything of a plan without blocking faults; raises ValueError for one that has some.

    `draws=0` leaves the simulation out (a page that answers while she types).
    """
    found = faults(plan)
    if blocking(found):
        raise ValueError(f"the plan has faults: {', '.join(one.code for one in blocking(found))}")
    simulation = None
    operations = Operations(plan)
    base = project(plan, AS_PLANNED, operations)
    accounts = years(base)
    if draws:
        from .montecarlo import simulate

        simulation = simulate(plan, draws=draws, seed=seed, risk=risk, base=base)
    return Study(
        plan,
        notes=found,
        base=base,
        years=accounts,
        figures=figures(base, accounts),
        effects=sensitivity(plan, base, operations),
        simulation=simulation,
    )
