"""The printed notice of a call: one page, in one language, with a QR code to the call's page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from backend.core.calendar import format_date, format_datetime
from backend.core.i18n import codes, label, localized, ntranslate, translate
from backend.core.money import format_money
from backend.core.pdf import qr, render

from .callfile import CallFile
from .callfile.models import Document
from .models import VersionKind
from .rules.values import isolate
from .terms import MONEY_RULES, ceiling, names, plain_words

KEPT = 64
NAMES_SHOWN = 16
"""Chains, sectors or forms named in one sentence; the page tells the rest."""

STEPS = ("check", "account", "deposit", "ask")

PLAIN_RULES = frozenset({"legal_form", "territory", "sector", "chain", "balance"})
"""Rules told as lists of names, or that concern the writing of a plan only."""

_CODES = (
    "opens", "closes", "envelope", "cap", "cap_varies", "who", "forms", "territory", "sectors", "chains",
    "chains.any", "chains.priority", "money", "documents", "documents.optional", "documents.for", "support",
    "how", "how.check", "how.account", "how.deposit", "how.ask", "qr", "foot", "counted", "and_more",
)  # fmt: skip


@codes
def notice_codes() -> Iterable[str]:
    """Words of the notice."""
    yield from (f"notice.{code}" for code in _CODES)
    yield from (f"notice.version.{kind}" for kind in ("erratum", "extension"))


def data_of(
    file: CallFile, lang: str, url: str, chains: Sequence[str], version: tuple[int, VersionKind, datetime]
) -> dict[str, Any]:
    """Everything that the template prints. `chains`: names of the priority list when the call reads it."""
    number, kind, published_at = version
    say = _Say(lang)
    amended = ""
    if kind is not VersionKind.PUBLICATION:
        amended = say(f"version.{kind}", n=number, day=format_date(published_at, lang))
    return {
        "title": localized(lang, file.title),
        "issuer": localized(lang, file.issuer.name),
        "summary": localized(lang, file.summary),
        "version": amended,
        "key": _key(file, lang, say),
        "who": {"title": say("who"), "items": _who(file, lang, say, chains)},
        "money": {"title": say("money"), "items": _money(file, lang)},
        "documents": {
            "title": say("documents"),
            "items": [_document(one, file, lang, say) for one in file.documents],
            "note": _incomplete(file, lang),
        },
        "support_title": say("support"),
        "support": localized(lang, file.support) if file.support else "",
        "how": {
            "title": say("how"),
            "items": [say(f"how.{step}") for step in ("check", "account", "deposit", "ask")],
        },
        "url": url,
        "qr": qr(url),
        "qr_alt": say("qr", url=url),
        "foot": say("foot"),
    }


class _Say:
    """Words of the notice in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, code: str, **params: object) -> str:
        return translate(self.lang, f"notice.{code}", **params)


def _key(file: CallFile, lang: str, say: _Say) -> list[tuple[str, str]]:
    cap = ceiling(file)
    found = [
        (say("opens"), format_datetime(file.opens_at, lang)),
        (say("closes"), format_datetime(file.closes_at, lang)),
    ]
    if cap:
        found.append((say("cap_varies" if cap.varies else "cap"), format_money(cap.centimes, lang)))
    return [*found, (say("envelope"), format_money(file.envelope, lang))]


def _who(file: CallFile, lang: str, say: _Say, chains: Sequence[str]) -> list[str]:
    found = [
        say("forms", names=_joined(names("legal_form", file.legal_forms, lang), lang, say)),
        say("territory", territory=localized(lang, file.issuer.territory)),
    ]
    if file.sectors != "any":
        found.append(say("sectors", names=_joined(names("sector", file.sectors, lang), lang, say)))
    found.append(_chains(file, lang, say, chains))
    others = [rule for rule in file.every_rule() if rule.code not in PLAIN_RULES | MONEY_RULES]
    found += [plain_words(rule, file, lang) for rule in others]
    return [*found, say("counted", day=format_date(file.reference_date, lang))]


def _chains(file: CallFile, lang: str, say: _Say, chains: Sequence[str]) -> str:
    if file.chains == "any":
        return say("chains.any")
    listed = chains if file.chains == "priority" else names("chain", file.chains, lang)
    code = "chains" if listed else "chains.priority"
    return say(code, names=_joined(listed, lang, say))


def _money(file: CallFile, lang: str) -> list[str]:
    rules = [rule for rule in file.every_rule() if rule.code in MONEY_RULES - PLAIN_RULES]
    return [plain_words(rule, file, lang) for rule in rules]


def _document(one: Document, file: CallFile, lang: str, say: _Say) -> str:
    notes = [] if one.required else [say("documents.optional")]
    asked = [form for form in file.legal_forms if one.asked_of(form)]
    if len(asked) < len(file.legal_forms):
        notes.append(say("documents.for", names=_joined(names("legal_form", asked, lang), lang, say)))
    return " ".join([localized(lang, one.label), *notes])


def _incomplete(file: CallFile, lang: str) -> str:
    if file.incomplete.then == "refuse":
        return label(lang, "call.summary.incomplete.refuse") + "."
    return ntranslate(
        lang,
        "Un dossier incomplet peut être complété une fois, en {n} jour ouvrable.",
        "Un dossier incomplet peut être complété une fois, en {n} jours ouvrables.",
        file.incomplete.working_days or 0,
    )


def _joined(listed: Sequence[str], lang: str, say: _Say) -> str:
    shown = [isolate(one, lang) for one in listed[:NAMES_SHOWN]]
    if len(listed) > NAMES_SHOWN:
        shown.append(say("and_more", n=len(listed) - NAMES_SHOWN))
    return ("، " if lang == "ar" else ", ").join(shown)


_kept: dict[str, bytes] = {}


def printed(tag: str, data: dict[str, Any], lang: str, at: datetime) -> bytes:
    """The PDF; the same `tag` (what it is drawn from) is drawn once a process."""
    found = _kept.get(tag)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[tag] = render("calls/notice", lang, data, at)
    return found
