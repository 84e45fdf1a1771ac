"""The rush is judged from what clients hold: each way of failing them is seen."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from backend.ops.bench.result import Result
from backend.ops.bench.workloads import rush

CLOSING = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)


def test_everybody_comes_before_closing_but_one_in_twenty():
    drafts = [(uuid4(), n) for n in range(100)]
    plan = rush._plan(drafts, [1, 2], 1000.0, 1060.0)
    late = [one for one in plan if one["at"] >= 1060]
    assert len(late) == 5
    assert all(1061 <= one["at"] <= 1062 for one in late)
    assert all(1000 <= one["at"] <= 1059 for one in plan if one not in late)
    assert {one["port"] for one in plan} == {1, 2}
    assert len({one["income"] for one in plan}) == 100


def told(key, **changes):
    return {
        "application": key, "at": CLOSING.timestamp() - 5, "income": 7, "statuses": [200, 200],
        "seconds": [0.1, 0.2], "sent": [CLOSING.timestamp() - 5] * 2,
        "kept": True, "receipt": "R-1", "code": None, "again": None,
    } | changes  # fmt: skip


GOOD = ("submitted", CLOSING - timedelta(seconds=5), "R-1", 1)


@pytest.mark.parametrize(
    ("row", "income", "changes", "missed"),
    [
        (GOOD, 7, {}, set()),
        (("draft", None, None, 0), 7, {}, {"lost deposits"}),
        (("submitted", GOOD[1], "R-2", 1), 7, {}, {"lost deposits"}),
        (GOOD, 8, {}, {"lost saves"}),
        (("submitted", CLOSING, "R-1", 1), 7, {}, {"accepted late"}),
        (("submitted", GOOD[1], "R-1", 2), 7, {}, {"double"}),
        (GOOD, 7, {"again": "R-9"}, {"double"}),
        (GOOD, 7, {"receipt": None, "code": "window_closed"},
         {"deposits of which no client knows", "deposits sent in time without a receipt"}),
        (GOOD, 7, {"statuses": [200, 503]}, {"answers of 500 and more, or none"}),
        (GOOD, 7, {"statuses": [0, 200]}, {"answers of 500 and more, or none"}),
        (GOOD, 7, {"seconds": [0.1, 9.0]}, {"p99 of what was asked in time"}),
    ],
)  # fmt: skip
def test_what_went_wrong_is_seen(row, income, changes, missed):
    key = str(uuid4())
    late = [CLOSING.timestamp() + 1] * 2
    again = [told(str(uuid4()), receipt=None, sent=late, code="window_closed", kept=False)]
    rows = {key: (uuid4(), *row), again[0]["application"]: (uuid4(), "draft", None, None, 0)}
    result = Result("rush")
    rush._judge(
        result, [told(key, **changes), *again], rows, {key: income, again[0]["application"]: 0}, CLOSING
    )
    found = {target.name for target in result.more if not target.ok}
    assert found == missed
