"""A plan as a spreadsheet with live formulas: a third writing of the model, in a calculator's words.

`python -m tests.viability.sheet FILE.xlsx` writes it, to look at or to compute elsewhere.
"""

import sys
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as cell

from backend.viability import Financing, Investment, Loan, Plan, Product, Terms

PLAN = Plan(
    products=(
        Product(400_00, 61, 221_37, season=(150, 150, 100, 50, 0, 0, 50, 100, 133, 150, 150, 150),
                ramp=(2500, 5000, 7500), growth=350),
        Product(120_00, 83, 70_05, growth=-200),
    ),
    investments=(Investment(230_001_33, life=5), Investment(30_001_00, life=3)),
    financing=Financing(grant=150_000_00, own_cash=60_000_00, loan=Loan(40_000_00, 625, 48, 6)),
    terms=Terms(discount=875, inflation=210, start_month=9),
    fixed=1_500_50,
    wages=6_000_00,
    customers_days=45,
    suppliers_days=20,
    stock_days=37,
)  # fmt: skip
COLUMNS = (
    "month", "calendar", "year", "level", "units1", "units2", "sales", "costs", "fixed", "wages",
    "receivables", "stock", "bought", "payables", "need", "change", "renewals", "interest", "principal",
    "owed", "net", "cash",
)  # fmt: skip
RESULTS = ("npv", "npv_without", "irr", "irr_without", "lowest", "lowest_month", "annuity", "end")
FIRST, LAST = 1, 74  # rows (from 0) of months 0 … 73; the horizon ends at month 60


def formulas(row: int) -> dict[str, str]:
    """The formulas of a month, in row `row` counted from 0 (month = row − 1)."""
    here = {name: cell(row, column) for column, name in enumerate(COLUMNS)}
    before = {name: cell(row - 1, column) for column, name in enumerate(COLUMNS)}
    after = {name: cell(row + 1, column) for column, name in enumerate(COLUMNS)}
    later = {name: cell(row + 2, column) for column, name in enumerate(COLUMNS)}
    m, year, loan = here["month"], here["year"], PLAN.financing.loan
    found = {
        "calendar": f"MOD({PLAN.terms.start_month}+{m}-2,12)+1",
        "year": f"INT(({m}-1)/12)",
        "level": f"(1+2.1%)^{year}",
        "units1": f"61*INDEX(saison!$A$1:$A$12,{here['calendar']})/100"
        f"*IF({m}<=3,INDEX(saison!$B$1:$B$3,{m}),1)*(1+3.5%)^{year}",
        "units2": f"83*(1-2%)^{year}",
        "sales": f"ROUND((40000*{here['units1']}+12000*{here['units2']})*{here['level']},0)",
        "costs": f"ROUND((22137*{here['units1']}+7005*{here['units2']})*{here['level']},0)",
        "fixed": f"ROUND(150050*{here['level']},0)",
        "wages": f"ROUND(600000*{here['level']},0)",
        "receivables": f"{here['sales']}+ROUND({before['sales']}*15/30,0)",
        "stock": f"{after['costs']}+ROUND({later['costs']}*7/30,0)",
        "bought": f"{here['costs']}+{here['stock']}-{before['stock']}",
        "payables": f"ROUND({here['bought']}*20/30,0)",
        "need": f"{here['receivables']}+{here['stock']}-{here['payables']}",
        "change": f"{here['need']}-{before['need']}",
        "renewals": f"IF({m}=36,ROUND(3000100*{here['level']},0),0)",
        "interest": f"IF({m}<={loan.months},ROUND({before['owed']}*6.25%/12,0),0)",
        "principal": f"IF({m}>{loan.months},0,IF({m}={loan.months},{before['owed']},IF({m}<={loan.grace},0,"
        f"resultats!$B$7-{here['interest']})))",
        "owed": f"{before['owed']}-{here['principal']}",
        "net": f"{here['sales']}-{here['costs']}-{here['fixed']}-{here['wages']}-{here['change']}"
        f"-{here['renewals']}-{here['interest']}-{here['principal']}",
        "cash": f"{before['cash']}+{here['net']}",
    }
    if row == FIRST:
        found = dict.fromkeys(COLUMNS[1:], "0") | {
            "stock": found["stock"],
            "bought": here["stock"],
            "payables": found["payables"],
            "need": found["need"],
            "change": here["need"],
            "receivables": "0",
            "owed": "4000000",
            "net": f"15000000+6000000+4000000-23000133-3000100-{here['change']}",
            "cash": here["net"],
        }
    return found


def write(path: Path) -> None:
    """Three sheets: `mois` (a row a month), `saison` (inputs in columns), `resultats`."""
    with xlsxwriter.Workbook(path) as book:
        months, season, results = (book.add_worksheet(name) for name in ("mois", "saison", "resultats"))
        season.write_column(0, 0, PLAN.products[0].season)
        season.write_column(0, 1, [one / 10_000 for one in PLAN.products[0].ramp])
        months.write_row(0, 0, COLUMNS)
        for row in range(FIRST, LAST + 1):
            months.write_number(row, 0, row - FIRST)
            shown = COLUMNS[1:8] if row > LAST - 13 else COLUMNS[1:]
            made = formulas(row)
            for name in shown:
                months.write_formula(row, COLUMNS.index(name), "=" + made[name])
        flow = "+".join(f"-SUM(mois!{c}{{0}}:{c}{{1}})" for c in "HIJPQ")
        years = [(3 + 12 * at, 14 + 12 * at) for at in range(5)]
        results.write_formula("D1", "=-23000133-3000100-mois!O2+15000000")
        results.write_formula("E1", "=-23000133-3000100-mois!O2")
        for at, (first, last) in enumerate(years):
            made = (
                f"SUM(mois!G{first}:G{last})+" + flow.format(first, last) + ("+mois!O62" if at == 4 else "")
            )
            for column in "DE":
                results.write_formula(f"{column}{at + 2}", "=" + made)
        made = {
            "npv": "=D1+NPV(8.75%,D2:D6)",
            "npv_without": "=E1+NPV(8.75%,E2:E6)",
            "irr": "=IRR(D1:D6)",
            "irr_without": "=IRR(E1:E6)",
            "lowest": "=MIN(mois!V2:V62)",
            "lowest_month": "=MATCH(B5,mois!V2:V62,0)-1",
            "annuity": "=ROUND(-PMT(6.25%/12,42,4000000),0)",
            "end": "=mois!V62",
        }
        for row, (name, formula) in enumerate(made.items()):
            results.write_string(row, 0, name)
            results.write_formula(row, 1, formula)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
