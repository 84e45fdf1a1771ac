"""A problem as an integer program for HiGHS, which says whether and where its optimum is.

Columns are the dossiers (funded or not), best ranked first; where amounts may vary, a second block has the
amount of each in units of money. Every coefficient is a whole number, so that whatever respects the rows in
integers respects them in doubles too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import (  # type: ignore[import-untyped]
    Bounds,
    LinearConstraint,
    linprog,
    milp,
)
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from .problem import Bound, File, Problem

Vector = NDArray[np.float64]
LONGEST = 60.0
"""Seconds that one program may take. No result ever depends on it: past it there is none."""
DIRHAM = 100


class TooHard(Exception):
    """HiGHS did not prove an optimum in the time given (or says that it could not)."""


@dataclass(frozen=True)
class Row:
    """low <= coefficients . columns <= high."""

    coefficients: Vector
    low: float
    high: float


@dataclass(frozen=True)
class Relaxed:
    """An optimum in parts of dossiers, and by column what funding or refusing it against it costs."""

    worth: float
    columns: Vector
    to_fund: Vector
    to_refuse: Vector

    def surest(self, among: Iterable[int]) -> list[int]:
        """These columns, those that cost most to decide otherwise first."""
        return sorted(among, key=lambda at: -(self.to_fund[at] + self.to_refuse[at]))


def _worth(one: File) -> tuple[int, int, int]:
    """The order in which dossiers that weigh the same are funded."""
    return -one.benefit, -one.score, one.rank


@dataclass
class Program:
    """The columns of a problem with its rows; rows may be added, columns fixed."""

    problem: Problem
    unit: int
    ranged: bool
    low: Vector
    high: Vector
    rows: list[Row] = field(default_factory=list)
    whole: bool = False
    """Whether amounts are sought in whole units; if not, `solve.amounts` asks again."""

    @classmethod
    def of(cls, problem: Problem, *, alike: bool = True) -> Program:
        """The envelope and every bound; `alike`: dossiers that weigh the same are taken in order.

        That is wrong where a further row or another aim tells them apart.
        """
        files = problem.files
        ranged = any(one.least < one.asked for one in files)
        amounts = [one.asked for one in files]
        common = gcd(*amounts) if amounts else 1
        unit = (DIRHAM if common % DIRHAM == 0 else 1) if ranged else max(common, 1)
        size = len(files)
        high = np.ones(size)
        if ranged:
            high = np.concatenate([high, [one.asked // unit for one in files]])
        made = cls(problem, unit, ranged, np.zeros(len(high)), high)
        made.low[:size] = [int(one.held) for one in files]
        made.rows += made._amounts() if ranged else []
        made.rows.append(Row(made.money(range(size)), -inf, problem.envelope // unit))
        made.rows += [made.row_of(bound) for bound in problem.bounds]
        made.rows += made._alike() if alike else []
        return made

    @property
    def size(self) -> int:
        """How many dossiers."""
        return len(self.problem.files)

    def column(self, values: Iterable[int]) -> Vector:
        """Coefficients of the dossiers; none of the amounts."""
        made = np.zeros(len(self.high))
        made[: self.size] = list(values)
        return made

    def money(self, chosen: Iterable[int]) -> Vector:
        """What these dossiers (by position) take, in units."""
        made = np.zeros(len(self.high))
        for at in chosen:
            if self.ranged:
                made[self.size + at] = 1
            else:
                made[at] = self.problem.files[at].asked // self.unit
        return made

    def row_of(self, bound: Bound) -> Row:
        """A bound in whole coefficients."""
        hers = [at for at, one in enumerate(self.problem.files) if one.id in bound.files]
        floor = bound.side == "floor"
        if bound.measure == "count":
            limit = int(bound.limit)
            coefficients = self.column(int(one.id in bound.files) for one in self.problem.files)
        elif bound.measure == "money":
            limit = -(-int(bound.limit) // self.unit) if floor else int(bound.limit) // self.unit
            coefficients = self.money(hers)
        else:
            share, limit = Fraction(bound.limit), 0
            coefficients = share.denominator * self.money(hers)
            coefficients = coefficients - share.numerator * self.money(range(self.size))
        return Row(coefficients, limit if floor else -inf, inf if floor else limit)

    def _amounts(self) -> list[Row]:
        """Nothing for who is not funded; from the least to what she asks for who is."""
        found = []
        for at, one in enumerate(self.problem.files):
            for limit, low, high in (
                (one.asked // self.unit, -inf, 0.0),
                (-(-one.least // self.unit), 0.0, inf),
            ):
                coefficients = np.zeros(len(self.high))
                coefficients[self.size + at], coefficients[at] = 1, -limit
                found.append(Row(coefficients, low, high))
        return found

    def _alike(self) -> list[Row]:
        """Of dossiers that weigh the same in every row, the one worth more, or better ranked, comes first.

        Putting it in the other's place respects whatever was respected and comes before it.
        """
        last: dict[Any, int] = {}
        found = []
        for at, one in sorted(enumerate(self.problem.files), key=lambda pair: _worth(pair[1])):
            if one.held:
                continue
            in_ = tuple(one.id in bound.files for bound in self.problem.bounds)
            key = (one.asked, one.least, in_)
            if key in last:
                coefficients = np.zeros(len(self.high))
                coefficients[last[key]], coefficients[at] = 1, -1
                found.append(Row(coefficients, 0, inf))
            last[key] = at
        return found

    def granted(self, chosen: Vector) -> dict[str, int]:
        """What columns grant, centimes by dossier."""
        found = {}
        for at, one in enumerate(self.problem.files):
            if chosen[at] > 0.5:
                found[one.id] = int(chosen[self.size + at]) * self.unit if self.ranged else one.asked
        return found

    def fix(self, at: int, value: int) -> None:
        """Decide a dossier."""
        self.low[at] = self.high[at] = value

    def matrix(self, rows: Sequence[Row]) -> csr_array:
        """The rows, sparse."""
        return csr_array(np.vstack([row.coefficients for row in rows]))

    def best(self, gains: Vector) -> Vector | None:
        """The columns that maximise the gains; None when nothing respects the rows. Raises TooHard."""
        if not len(self.high):
            return None if any(row.low > 0 or row.high < 0 for row in self.rows) else np.zeros(0)
        limits = LinearConstraint(
            self.matrix(self.rows), [row.low for row in self.rows], [row.high for row in self.rows]
        )
        found = milp(
            -gains,
            constraints=limits,
            bounds=Bounds(self.low, self.high),
            integrality=self._integers(),
            options={"mip_rel_gap": 0, "time_limit": LONGEST},
        )
        if found.status == 2:  # infeasible
            return None
        if found.status != 0:
            raise TooHard(str(found.message))
        return np.asarray(np.rint(found.x), dtype=np.float64)

    def _integers(self) -> Vector:
        made = np.ones(len(self.high))
        made[self.size :] = int(self.whole)
        return made

    def relaxed(self, gains: Vector) -> Relaxed | None:
        """The same with amounts and dossiers in parts; None when nothing respects the rows even so."""
        low, high = ([getattr(row, side) for row in self.rows] for side in ("low", "high"))
        above = [at for at, limit in enumerate(high) if limit < inf]
        below = [at for at, limit in enumerate(low) if limit > -inf]
        rows = [self.rows[at].coefficients for at in above] + [-self.rows[at].coefficients for at in below]
        found = linprog(
            -gains,
            A_ub=csr_array(np.vstack(rows)),
            b_ub=[high[at] for at in above] + [-low[at] for at in below],
            bounds=np.column_stack([self.low, self.high]),
            method="highs",
        )
        if found.status != 0:
            return None
        return Relaxed(-found.fun, found.x, found.lower.marginals, -found.upper.marginals)

    def settle(self, relaxed: Relaxed, reached: int) -> None:
        """Fix the dossiers that every solution of this worth decides alike, by their reduced costs.

        The relaxation's optimum less a dossier's reduced cost limits what deciding it otherwise can be worth;
        gains are whole, so that half a unit is a safe margin.
        """
        slack = relaxed.worth - reached
        for at in self.open():
            if relaxed.to_fund[at] > slack + 0.5:
                self.fix(at, 0)
            elif relaxed.to_refuse[at] > slack + 0.5:
                self.fix(at, 1)

    def open(self) -> list[int]:
        """The dossiers that are not decided yet."""
        return [at for at in range(self.size) if self.low[at] < self.high[at]]
