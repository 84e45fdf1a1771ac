"""The workbook to fill for a list of verdicts: the dossiers in it, what may be chosen, how to fill it."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, defer, selectinload

from ..calls.models import Call
from ..core.i18n import label, localized, translate
from ..core.tx import Tx
from .models import Application, ApplicationState
from .noting import MOST, NOTES_TOO_MANY
from .search import Filters, narrowed
from .terms import terms
from .verdicts import COLUMNS, LONGEST, SECTIONS, WORDS

SHOWN = {"note_number": 18, "project": 40, "organisation": 34, "state": 20}
"""What stands in the list already, and how wide; of these only the number is read again."""
FILLED = {"note_verdict": 20, "note_reason": 44, "note_items": 44, "note_text": 44}
CALLS = 30
"""Calls whose papers are told; a list of more is seldom filled by hand."""


def dossiers(tx: Tx, filters: Filters) -> list[Application]:
    """Those that the filters leave and that she screens, by number; refused when a list cannot hold them."""
    light = (
        contains_eager(Application.organisation),
        selectinload(Application.call).defer(Call.definition),
        defer(Application.content),
        defer(Application.revision),
    )
    asked = select(Application).join(Application.organisation).options(*light)
    asked = narrowed(asked, filters).where(Application.state != ApplicationState.DRAFT)
    seen = tx.visible(asked, "application.screen").order_by(Application.number).limit(MOST + 1)
    rows = list(tx.session.scalars(seen))
    if len(rows) > MOST:
        raise NOTES_TOO_MANY(most=MOST)
    return rows


def book(lang: str, rows: Sequence[Application]) -> bytes:
    """The workbook in a language: the list on its first sheet, how to fill it on the second."""
    import xlsxwriter

    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    made = xlsxwriter.Workbook(kept, options)
    made.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})  # the same list is the same file
    _list(made, lang, rows)
    _guide(made, lang, list({row.call.id: row.call for row in rows}.values())[:CALLS])
    made.close()
    return kept.getvalue()


def _list(made: Any, lang: str, rows: Sequence[Application]) -> None:
    sheet = _sheet(made, lang, translate(lang, "Avis"))
    head = made.add_format({"bold": True, "bg_color": "#E4EFE9", "text_wrap": True, "valign": "top"})
    told = made.add_format({"font_color": "#5B6663", "valign": "top", "text_wrap": True})
    typed = made.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
    columns = SHOWN | FILLED
    for place, (name, width) in enumerate(columns.items()):
        sheet.set_column(place, place, width, told if name in SHOWN else typed)
        sheet.write_string(0, place, _heading(name, lang), head)
    for at, row in enumerate(rows, start=1):
        state = label(lang, f"state.application.{row.state}")
        for place, text in enumerate((row.number, row.title, localized(lang, row.organisation.name), state)):
            sheet.write_string(at, place, text, told)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    _choices(sheet, lang, list(columns))


def _choices(sheet: Any, lang: str, columns: list[str]) -> None:
    """What may be chosen in each cell that is filled, as far as a list may go."""
    verdict = columns.index("note_verdict")
    sheet.data_validation(1, verdict, MOST, verdict, {
        "validate": "list",
        "source": list(WORDS[lang].values()),
        "error_title": label(lang, "column.note_verdict")[:32],
        "error_message": translate(lang, "Choisissez un avis de la liste, ou laissez la case vide."),
    })  # fmt: skip
    for name in ("note_reason", "note_items", "note_text"):
        place = columns.index(name)
        sheet.data_validation(1, place, MOST, place, {
            "validate": "length",
            "criteria": "<=",
            "value": LONGEST,
            "error_title": label(lang, f"column.{name}")[:32],
            "error_message": translate(lang, "Écrivez {most} caractères au plus.", most=LONGEST),
        })  # fmt: skip


def _guide(made: Any, lang: str, calls: Sequence[Call]) -> None:
    """How to fill the list, the sections, and the papers of each call, as they are to be named."""
    sheet = _sheet(made, lang, translate(lang, "À lire"))
    bold = made.add_format({"bold": True, "valign": "top", "text_wrap": True})
    plain = made.add_format({"valign": "top", "text_wrap": True})
    sheet.set_column(0, 0, 34, plain)
    sheet.set_column(1, 1, 90, plain)
    lines: list[tuple[str, str]] = [(_heading(name, lang), _told(name, lang)) for name in COLUMNS]
    lines += [(word, _does(verb, lang)) for verb, word in WORDS[lang].items()]
    sections = "\n".join(translate(lang, prose) for prose in SECTIONS.values())
    lines.append((translate(lang, "Sections du dossier"), sections))
    for call in calls:
        papers = "\n".join(localized(lang, dict(one.label)) for one in terms(call).file.documents)
        lines.append(
            (translate(lang, "Pièces de l’appel : {call}", call=localized(lang, call.title)), papers)
        )
    for at, (name, text) in enumerate(lines):
        sheet.write_string(at, 0, name, bold)
        sheet.write_string(at, 1, text, plain)


def _sheet(made: Any, lang: str, name: str) -> Any:
    sheet = made.add_worksheet(name[:31])
    if lang == "ar":
        sheet.right_to_left()
    return sheet


def _heading(name: str, lang: str) -> str:
    said = {
        "project": translate(lang, "Projet"),
        "organisation": translate(lang, "Organisation"),
        "state": translate(lang, "État"),
    }
    return str(said[name] if name in said else label(lang, f"column.{name}"))


def _told(name: str, lang: str) -> str:
    return str(
        {
            "note_number": translate(
                lang, "Celui du dossier, comme il est écrit ici. Une ligne laissée vide ne change rien."
            ),
            "note_verdict": translate(
                lang, "À choisir dans la liste de la case. Vide : le dossier est seulement annoté."
            ),
            "note_reason": translate(
                lang,
                "Le porteur la lira. Nécessaire pour déclarer irrecevable un dossier qu’aucune règle ne "
                "refuse.",
            ),
            "note_items": translate(
                lang,
                "Pour « À compléter » seulement : sections et pièces, séparées par des points-virgules. "
                "Ce qui manque au dossier est toujours demandé.",
            ),
            "note_text": translate(lang, "Pour vos collègues. Le porteur ne la lit pas."),
        }[name]
    )


def _does(verb: str, lang: str) -> str:
    return str(
        {
            "admit": translate(lang, "Le dossier ira à l’évaluation."),
            "return": translate(
                lang,
                "Le porteur a quelques jours ouvrables pour compléter son dossier. Une seule demande est "
                "possible.",
            ),
            "refuse": translate(lang, "Le dossier n’ira pas à l’évaluation. Le porteur en lira les raisons."),
        }[verb]
    )
