"""Intraclass correlations: how much of the spread of scores is between dossiers.

Forms, estimates and intervals of K. O. McGraw and S. P. Wong, "Forming inferences about some intraclass
correlation coefficients", Psychological Methods 1 (1996) 30–46, with its correction (ibid. 390). An
incomplete design (not everybody rated everything) has the one-way form only, with the n₀ of unequal groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .ratings import Floats, Rating, Ratings

Form = Literal["1", "k", "A,1", "A,k", "C,1", "C,k"]
Method = Literal["exact", "satterthwaite", "thomas-hultquist"]


@dataclass(frozen=True)
class Icc:
    """One coefficient with its interval.

    `readers` is k, or n₀ for unequal groups: what an average form averages over. `method` says how the
    interval is made: `exact` (F), `satterthwaite` (the forms A, F with approximate degrees of freedom), or
    `thomas-hultquist` (unequal groups: F on unweighted means with the harmonic mean of the sizes). `lower`
    and `upper` are None when a mean square is nil or degrees of freedom are lacking.
    """

    form: Form
    value: float | None
    lower: float | None
    upper: float | None
    files: int
    ratings: int
    readers: float
    method: Method
    level: float = 0.95


def icc(ratings: Iterable[Rating], *, level: float = 0.95) -> dict[Form, Icc]:
    """The forms that the design allows: all when it is complete, `1` and `k` otherwise (none: no data)."""
    panel = Ratings.of(ratings)
    if len(panel.files) < 2 or panel.size <= len(panel.files):
        return {}
    table = panel.grid()
    found = _one_way(panel, level) if table is None else _complete(table, level)
    return {one.form: one for one in found}


def _complete(table: Floats, level: float) -> list[Icc]:
    n, k = table.shape
    grand, rows, columns = table.mean(), table.mean(axis=1), table.mean(axis=0)
    msr = k * float(((rows - grand) ** 2).sum()) / (n - 1)
    msc = n * float(((columns - grand) ** 2).sum()) / (k - 1)
    within = float(((table - rows[:, None]) ** 2).sum())
    msw = within / (n * (k - 1))
    mse = float(((table - rows[:, None] - columns + grand) ** 2).sum()) / ((n - 1) * (k - 1))

    def made(form: Form, value: float | None, ends: tuple[float | None, float | None], how: Method) -> Icc:
        return Icc(form, value, *ends, n, n * k, k, how, level)

    one_df, two_df = (n - 1, n * (k - 1)), (n - 1, (n - 1) * (k - 1))
    a1 = _over(msr - mse, msr + (k - 1) * mse + k / n * (msc - mse))
    ak = _over(msr - mse, msr + (msc - mse) / n)
    return [
        made("1", _over(msr - msw, msr + (k - 1) * msw), _single(msr, msw, one_df, k, level), "exact"),
        made("k", _over(msr - msw, msr), _average(msr, msw, one_df, level), "exact"),
        made("A,1", a1, _absolute((msr, msc, mse), (n, k), a1, level, single=True), "satterthwaite"),
        made("A,k", ak, _absolute((msr, msc, mse), (n, k), ak, level, single=False), "satterthwaite"),
        made("C,1", _over(msr - mse, msr + (k - 1) * mse), _single(msr, mse, two_df, k, level), "exact"),
        made("C,k", _over(msr - mse, msr), _average(msr, mse, two_df, level), "exact"),
    ]


def _one_way(panel: Ratings, level: float) -> list[Icc]:
    """Unequal groups: mean squares with n₀ = (N − Σm²/N)/(n − 1); interval of Thomas and Hultquist (1978)."""
    n, total, sizes = len(panel.files), panel.size, panel.per_file
    n0 = float(total - (sizes**2).sum() / total) / (n - 1)
    grand = panel.values.mean()
    between = float((sizes * (panel.file_means - grand) ** 2).sum()) / (n - 1)
    within = float(((panel.values - panel.file_means[panel.file]) ** 2).sum()) / (total - n)
    harmonic = float(n / (1 / sizes).sum())
    unweighted = harmonic * float(panel.file_means.var(ddof=1))
    df = (n - 1, total - n)
    single = _single(unweighted, within, df, harmonic, level)
    low, high = (_raised(end, n0) for end in single)
    value = _over(between - within, between + (n0 - 1) * within)
    return [
        Icc("1", value, *single, n, total, n0, "thomas-hultquist", level),
        Icc("k", _over(between - within, between), low, high, n, total, n0, "thomas-hultquist", level),
    ]


def _over(above: float, below: float) -> float | None:
    return above / below if below > 0 else None


def _raised(single: float | None, k: float) -> float | None:
    """Spearman and Brown: the reliability of a mean of k from that of one."""
    return None if single is None or 1 + (k - 1) * single <= 0 else k * single / (1 + (k - 1) * single)


def _f(p: float, above: float, below: float) -> float:
    """Quantile of Fisher's F."""
    from scipy.special import fdtri  # type: ignore[import-untyped]

    return float(fdtri(above, below, p))


def _limits(above: float, below: float, df: tuple[int, int], level: float) -> tuple[float, float] | None:
    """The F ratio divided and multiplied by its critical values."""
    if below <= 0:
        return None
    p, ratio = (1 + level) / 2, above / below
    return ratio / _f(p, *df), ratio * _f(p, df[1], df[0])


def _single(
    above: float, below: float, df: tuple[int, int], k: float, level: float
) -> tuple[float | None, float | None]:
    ends = _limits(above, below, df, level)
    return (
        (None, None)
        if ends is None
        else ((ends[0] - 1) / (ends[0] + k - 1), (ends[1] - 1) / (ends[1] + k - 1))
    )


def _average(
    above: float, below: float, df: tuple[int, int], level: float
) -> tuple[float | None, float | None]:
    ends = _limits(above, below, df, level)
    return (None, None) if ends is None or ends[0] <= 0 else (1 - 1 / ends[0], 1 - 1 / ends[1])


def _absolute(
    squares: tuple[float, float, float],
    shape: tuple[int, int],
    value: float | None,
    level: float,
    *,
    single: bool,
) -> tuple[float | None, float | None]:
    """Absolute agreement (McGraw and Wong, table 7, cases 2A and 3A), for one evaluator or the mean of k."""
    msr, msc, mse = squares
    n, k = shape
    if value is None or value >= 1 or mse <= 0:
        return None, None
    # Below nil the approximate degrees of freedom make no sense: they are then those of no agreement.
    weight = (k if single else 1) * max(value, 0.0) / (n * (1 - max(value, 0.0)))
    a, b = weight, 1 + weight * (n - 1)
    below = (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    v = (a * msc + b * mse) ** 2 / below if below > 0 else float((n - 1) * (k - 1))
    p = (1 + level) / 2
    down, up = _f(p, n - 1, v), _f(p, v, n - 1)
    rest = k * msc + (k * n - k - n) * mse if single else msc - mse
    low = n * (msr - down * mse) / (down * rest + n * msr)
    return low, n * (up * msr - mse) / (rest + n * up * msr)
