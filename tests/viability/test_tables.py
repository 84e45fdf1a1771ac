"""Tables and charts: plain data that adds up."""

from hypothesis import given, settings

from backend.viability import study
from backend.viability import words as said
from backend.viability.tables import (
    BALANCES,
    CASH_ROWS,
    Column,
    cash_line,
    cash_table,
    columns,
    costs,
    tornado,
)

from .given import DH, FULL, OIL, figured, plans


def test_columns_are_the_start_two_years_of_months_and_three_years():
    shown = columns(9)
    assert len(shown) == 1 + 24 + 3
    assert shown[0] == Column("start", 0)
    assert [one.month for one in shown[1:6]] == [9, 10, 11, 12, 1]
    assert shown[-3:] == (Column("year", 3), Column("year", 4), Column("year", 5))
    assert [said.column(one, "fr") for one in (*shown[:2], shown[-1])] == ["Départ", "septembre", "5e année"]
    assert said.column(shown[-3], "ar") == "السنة الثالثة"


@settings(max_examples=30)
@given(plan=plans)
def test_each_column_adds_up(plan):
    found = cash_table(figured(plan))
    rows = {row.code: row.amounts for row in found.rows}
    assert tuple(rows) == (*CASH_ROWS, *BALANCES)
    summed = [code for code in CASH_ROWS if code not in ("net", "net_without", "grant")]
    cash = without = 0
    for at in range(len(found.columns)):
        assert sum(rows[code][at] for code in summed) == rows["net_without"][at]
        assert rows["net_without"][at] + rows["grant"][at] == rows["net"][at]
        cash, without = cash + rows["net"][at], without + rows["net_without"][at]
        assert (rows["cash"][at], rows["cash_without"][at]) == (cash, without)


def test_the_line_of_cash_knows_where_it_dips():
    base = study(FULL, draws=0)
    line = cash_line(base)
    assert len(line.months) == len(line.cash) == len(line.cash_without) == 61
    assert line.lowest == min(line.cash) == line.cash[line.lowest_month]
    for month in line.below:
        assert line.cash[month] < 0 <= (line.cash[month - 1] if month else 0)


def test_the_tornado_is_in_order_and_costs_are_whole():
    found = study(FULL, draws=0)
    changes = [one.change for one in tornado(found)]
    assert changes == sorted(changes)
    shares = costs(found)
    assert abs(sum(one.change for one in shares) - 10_000) <= len(shares)
    assert {one.code: one.amount for one in costs(study(OIL, draws=0))} == {
        "costs": 72_000 * DH,
        "fixed": 12_000 * DH,
        "wages": 18_000 * DH,
        "depreciation": 12_000 * DH,
    }
