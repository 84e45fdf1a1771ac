"""The workbook to fill, and the workbook of what is wrong: headers and lists in the reader's language."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ...core.i18n import label, translate
from ..lifecycle import COLUMNS
from ..models import OFFICES, Sex
from .plan import MOST_MEMBERS, Fault, Plan

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (34, 12, 20, 22, 18)


def template(lang: str) -> bytes:
    """An empty list: headers, sexes and offices to choose from, room for 2 000 members."""
    kept, book = _book()
    sheet = book.add_worksheet(translate(lang, "Membres")[:31])
    _set(sheet, book, lang, [label(lang, f"column.{name}") for name in COLUMNS], WIDTHS)
    sexes = [label(lang, f"enum.sex.{sex}") for sex in Sex]
    offices = [label(lang, f"enum.office.{office}") for office in OFFICES]
    sheet.data_validation(1, 1, MOST_MEMBERS, 1, {"validate": "list", "source": sexes})
    sheet.data_validation(
        1, 3, MOST_MEMBERS, 3, {"validate": "list", "source": offices, "error_type": "information"}
    )
    plain = book.add_format({"num_format": "@"})
    sheet.set_column(4, 4, WIDTHS[4], plain)
    book.close()
    return kept.getvalue()


def faults_sheet(lang: str, plan: Plan, messages: Sequence[tuple[Fault, str]], rows: int) -> bytes:
    """What is wrong with a list of members."""
    right = len(plan.added) + len(plan.changed) + len(plan.unchanged)
    return faults_book(lang, messages, right, rows)


def faults_book(lang: str, messages: Sequence[tuple[Fault, str]], right: int, rows: int) -> bytes:
    """What is wrong, a line each: line, cell, column, what to do; then how many lines are right."""
    kept, book = _book()
    sheet = book.add_worksheet(translate(lang, "À corriger")[:31])
    heads = [translate(lang, text) for text in ("Ligne", "Cellule", "Colonne", "Ce qu’il faut faire")]
    _set(sheet, book, lang, heads, (10, 10, 24, 80))
    for at, (fault, message) in enumerate(messages, start=1):
        sheet.write_number(at, 0, fault.line)
        for place, text in enumerate((fault.cell, label(lang, f"column.{fault.column}"), message), start=1):
            sheet.write_string(at, place, text)
    told = translate(lang, "Lignes justes : {right} sur {rows}", right=right, rows=rows)
    sheet.write_string(len(messages) + 2, 3, told)
    book.close()
    return kept.getvalue()


def _book() -> tuple[io.BytesIO, Any]:
    import xlsxwriter

    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(kept, options)
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})  # the same list is the same file
    return kept, book


def _set(sheet: Any, book: Any, lang: str, heads: Sequence[str], widths: Sequence[int]) -> None:
    """The headers, kept in sight; from right to left in Arabic."""
    bold = book.add_format({"bold": True, "bg_color": "#E4EFE9", "text_wrap": True, "valign": "top"})
    if lang == "ar":
        sheet.right_to_left()
    for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, bold)
    sheet.freeze_panes(1, 0)
