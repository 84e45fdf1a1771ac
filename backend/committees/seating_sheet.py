"""The sheet of seats: empty to be filled, or full of who sits."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ..core.i18n import label, localized, translate
from ..people.models import Sex
from .models import College
from .queries import Sitting
from .seating_roster import COLUMNS

WIDTHS = (26, 26, 20, 34, 34, 14, 14, 10, 12, 26, 12, 12, 28)
MOST = 200


def template(lang: str) -> bytes:
    """An empty sheet, with colleges, sexes, yes and no to choose from."""
    return _written(lang, [], private=True, choices=True)


def export(lang: str, sittings: Sequence[Sitting], *, private: bool) -> bytes:
    """Who sits, in the columns that the import reads; sex and year of birth only where they may be read."""
    names = {one.seat.id: localized("fr", one.named) for one in sittings}
    rows = [_row(lang, one, names, private=private) for one in sittings]
    return _written(lang, rows, private=private)


def _row(lang: str, one: Sitting, names: dict[Any, str], *, private: bool) -> list[str]:
    seat = one.seat
    name = seat.name or {"fr": one.person, "ar": one.person}
    said = {
        "name_fr": name.get("fr", ""),
        "name_ar": name.get("ar", ""),
        "college": label(lang, f"enum.college.{seat.college}"),
        "body_fr": seat.body.get("fr", ""),
        "body_ar": seat.body.get("ar", ""),
        "from_on": seat.from_on.isoformat(),
        "until_on": seat.until_on.isoformat() if seat.until_on else "",
        "chairs": _yes(lang, yes=seat.chairs),
        "votes": _yes(lang, yes=seat.votes),
        "alternate_of": names.get(seat.alternate_of_id, "") if seat.alternate_of_id else "",
        "seat_sex": label(lang, f"enum.sex.{seat.sex}") if private and seat.sex else "",
        "seat_birth_year": str(seat.birth_year or "") if private else "",
        "email": "",
    }
    return [said[name] for name in _shown(private=private)]


def _shown(*, private: bool) -> list[str]:
    hidden = () if private else ("seat_sex", "seat_birth_year", "email")
    return [name for name in COLUMNS if name not in hidden]


def _yes(lang: str, *, yes: bool) -> str:
    return translate(lang, "oui") if yes else translate(lang, "non")


def _written(lang: str, rows: Sequence[Sequence[str]], *, private: bool, choices: bool = False) -> bytes:
    import xlsxwriter

    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(kept, options)
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})  # the same list is the same file
    sheet = book.add_worksheet(translate(lang, "Sièges")[:31])
    if lang == "ar":
        sheet.right_to_left()
    bold = book.add_format({"bold": True, "bg_color": "#E4EFE9", "text_wrap": True, "valign": "top"})
    shown = _shown(private=private)
    for at, name in enumerate(shown):
        sheet.set_column(at, at, WIDTHS[COLUMNS.index(name)], book.add_format({"num_format": "@"}))
        sheet.write_string(0, at, label(lang, f"column.{name}"), bold)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            sheet.write_string(line, at, cell)
    if choices:
        _choices(sheet, lang, shown)
    sheet.freeze_panes(1, 0)
    book.close()
    return kept.getvalue()


def _choices(sheet: Any, lang: str, shown: Sequence[str]) -> None:
    yes_no = [_yes(lang, yes=True), _yes(lang, yes=False)]
    lists = {
        "college": [label(lang, f"enum.college.{one}") for one in College],
        "chairs": yes_no,
        "votes": yes_no,
        "seat_sex": [label(lang, f"enum.sex.{one}") for one in Sex],
    }
    for name, source in lists.items():
        at = shown.index(name)
        sheet.data_validation(1, at, MOST, at, {"validate": "list", "source": source})
