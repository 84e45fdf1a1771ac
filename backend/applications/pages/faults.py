"""What is wrong with a list that was sent: in words on its page, and as a workbook to hand on."""

from collections.abc import Sequence

from starlette.responses import Response

from ...core.i18n import label
from ...people.roster.plan import Fault
from ...people.roster.template import MEDIA_TYPE, faults_book
from ...people.roster.told import message


def faults_told(lang: str, faults: Sequence[Fault]) -> list[tuple[Fault, str, str]]:
    """Each cell with the name of its column and what to do."""
    return [(one, label(lang, f"column.{one.column}"), message(lang, one)) for one in faults]


def faults_file(lang: str, faults: Sequence[Fault], right: int, lines: int) -> Response:
    """The same as a workbook; how many lines are right stands under them."""
    content = faults_book(lang, [(one, said) for one, _, said in faults_told(lang, faults)], right, lines)
    name = {"fr": "a-corriger", "ar": "a-corriger-ar"}[lang]
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"', "cache-control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
