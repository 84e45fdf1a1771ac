"""Places in charts: inside the drawing, mirrored exactly, in the order of time."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from backend.web.charts import Axis, months_between, percent, share

LTR, RTL = Axis(rtl=False), Axis(rtl=True)
NUMBERS = st.floats(-1e6, 1e6)


def _of(place: str) -> float:
    return float(place.removesuffix("%"))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_points_are_inside_and_mirrored(value: float, low: float, high: float) -> None:
    left, right = _of(LTR.at(value, low, high)), _of(RTL.at(value, low, high))
    assert 0 <= left <= 100
    assert abs(left + right - 100) <= 0.02


@given(st.floats(0, 1), st.floats(0, 1))
def test_stretches_keep_their_width(a: float, b: float) -> None:
    start, end = sorted((a, b))
    one, other = LTR.span(start, end, 0, 1), RTL.span(start, end, 0, 1)
    assert one.width == other.width
    assert abs(_of(one.x) + _of(one.width) + _of(other.x) - 100) <= 0.03


def test_days_and_instants_have_places() -> None:
    assert share(date(2026, 7, 2), date(2026, 1, 1), date(2027, 1, 1)) == 182 / 365
    noon, day, next_day = (
        datetime(2026, 1, 1, 12, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=UTC),
    )
    assert share(noon, day, next_day) == 0.5
    assert share(5, 3, 3) == 1.0
    assert percent(0.375) == "37.5%"


def test_lines_and_steps() -> None:
    points = [(0.0, 1.0), (5.0, 0.5), (10.0, 0.5)]
    assert LTR.line(points, (0, 10), (0, 1)) == "0.00,0.00 50.00,50.00 100.00,50.00"
    assert RTL.line(points, (0, 10), (0, 1)) == "100.00,0.00 50.00,50.00 0.00,50.00"
    assert LTR.line(points[:2], (0, 10), (0, 1), steps=True) == "0.00,0.00 50.00,0.00 50.00,50.00"
    closed = LTR.area(points, [(0.0, 1.0), (10.0, 0.0)], (0, 10), (0, 1)).split()
    assert closed == ["0.00,0.00", "50.00,50.00", "100.00,50.00", "100.00,100.00", "0.00,0.00"]


def test_months_of_an_axis() -> None:
    assert months_between(date(2025, 11, 2), date(2026, 2, 1)) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months_between(date(2025, 11, 1), date(2025, 11, 30)) == [date(2025, 11, 1)]
