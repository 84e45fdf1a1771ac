"""The model against a spreadsheet's formulas (`sheet.py`).

The values of `recorded/` were computed from that sheet by LibreOffice Calc 7.4.7 on 22 November 2026. Where
`soffice` is found the sheet is computed again, and must give them.
"""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.viability import study

from . import sheet

RECORDED = Path(__file__).parent / "recorded"
MONTHLY = {name: name for name in sheet.COLUMNS[6:]} | {"change": "need_change"}
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
OUT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def results(folder):
    """The named results, and both columns of yearly flows."""
    rows = list(csv.reader((folder / "resultats.csv").read_text().splitlines()))
    named = {row[0]: row[1].removesuffix("%") for row in rows}
    flows = [[int(row[column]) for row in rows if row[column]] for column in (3, 4)]
    return named, flows


def months(folder):
    return list(csv.DictReader((folder / "mois.csv").read_text().splitlines()))[:61]


def test_the_model_is_the_spreadsheet_to_the_centime():
    found = study(sheet.PLAN, draws=0)
    rows = months(RECORDED)
    for column, name in MONTHLY.items():
        ours = None if name == "bought" else getattr(found.base, name)
        if name == "net":  # the sheet's start holds the grant
            ours = (ours[0] + sheet.PLAN.financing.grant, *ours[1:])
        if ours is not None:
            assert [int(row[column]) for row in rows] == list(ours), column
    named, flows = results(RECORDED)
    assert tuple(named) == sheet.RESULTS
    assert flows == [found.base.flows(grant=True), found.base.flows(grant=False)]
    assert found.value("npv_with") == pytest.approx(float(named["npv"]), abs=0.5)
    assert found.value("npv_without") == pytest.approx(float(named["npv_without"]), abs=0.5)
    assert found.value("irr_with") == pytest.approx(float(named["irr"]) / 100, abs=1e-12)
    assert found.value("irr_without") == pytest.approx(float(named["irr_without"]) / 100, abs=1e-12)
    assert found.value("lowest_cash_with") == int(named["lowest"])
    assert found.value("lowest_month_with") == int(named["lowest_month"])
    assert found.base.cash[-1] == int(named["end"])


@pytest.mark.slow
@pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed: recorded values are used"
)
def test_the_spreadsheet_still_gives_what_was_recorded(tmp_path):
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(RECALCULATE)
    sheet.write(tmp_path / "plan.xlsx")
    asked = [f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to", OUT]
    subprocess.run(["soffice", *asked, "--outdir", tmp_path, tmp_path / "plan.xlsx"], check=True, timeout=110)
    for name in ("mois", "resultats"):
        text = (tmp_path / f"plan-{name}.csv").read_text().replace('"', "")
        (tmp_path / f"{name}.csv").write_text(text)
    for ours, theirs in zip(months(tmp_path), months(RECORDED), strict=True):
        assert ours == theirs
    assert results(tmp_path) == results(RECORDED)


def test_the_sheet_can_be_written(tmp_path):
    """The formulas stay writable where nothing can compute them."""
    sheet.write(tmp_path / "plan.xlsx")
    assert (tmp_path / "plan.xlsx").stat().st_size > 10_000
