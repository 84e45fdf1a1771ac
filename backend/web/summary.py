"""The summary of what is wrong with a form: each entry says which field it speaks of and leads to it.

The form's own markup knows the labels, whoever wrote it; it is read only when something is wrong.
"""

import html
import re
from collections.abc import Iterable
from typing import Protocol

_TAG = re.compile(r"<[^>]*>")
_OPTIONAL = re.compile(r'<span class="(?:optional|points)">.*?</span>', re.DOTALL)
_LEGEND = re.compile(r"<legend\b[^>]*>(.*?)</legend>", re.DOTALL)
_GROUP = re.compile(r'<fieldset class="group">\s*<legend\b[^>]*>(.*?)</legend>|(</fieldset>)', re.DOTALL)


class Sentences(Protocol):
    """The words of a language, as templates have them."""

    def text(self, msgid: str, /, **params: object) -> str: ...


def located(words: Sentences, errors: Iterable[tuple[str, str]], form: str) -> list[tuple[str, str]]:
    """Errors by field as (id to link to, sentence with the field's label), each said once.

    The id is empty when nothing in the form bears it.
    """
    form = str(form)
    found: dict[tuple[str, str], None] = {}
    for field, message in errors:
        name = label_of(form, field, words.text(", "))
        sentence = words.text("{label} : {message}", label=name, message=message) if name else message
        found[field if _place(form, field) >= 0 else "", sentence] = None
    return list(found)


def label_of(form: str, field: str, comma: str = ", ") -> str:
    """The words that the form shows for the field, after those of its group (« Ligne 2, Montant »)."""
    label = re.search(
        rf'<label\b[^>]*\bfor="{re.escape(html.escape(field))}"[^>]*>(.*?)</label>', form, re.DOTALL
    )
    if label:
        return comma.join(filter(None, (_group(form[: label.start()]), _words(label[1]))))
    place = _place(form, field)
    legend = _LEGEND.match(form, form.find("<legend", place)) if place >= 0 else None
    inside = legend and "</fieldset>" not in form[place : legend.start()] and _is_fieldset(form, place)
    return _words(legend[1]) if legend and inside else ""


def _place(form: str, field: str) -> int:
    return form.find(f' id="{html.escape(field)}"') if field else -1


def _is_fieldset(form: str, place: int) -> bool:
    return form[form.rfind("<", 0, place) :].startswith("<fieldset")


def _group(before: str) -> str:
    """The legend of the group that is still open there."""
    legend = ""
    for found in _GROUP.finditer(before):
        legend = found[1] or ""
    return _words(legend)


def _words(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", _OPTIONAL.sub("", markup))).split()).rstrip(" :?")
