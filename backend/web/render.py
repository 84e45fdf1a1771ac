"""Pages: one template environment per language, and `render` for a whole page or one block of it.

In every template: `_`, `ngettext`, `label`, `loc`, the component macros as `ui`, `kept`, and the filters
`money`, `number`, `percent`, `date`, `datetime`, `hour`, `clock`, `deadline`, `late`, `ltr`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from backend.core import calendar, i18n, money
from backend.core.clock import present
from backend.web import nav
from backend.web.assets import static
from backend.web.charts import Axis, months_between
from backend.web.language import Reader, language_of, switch_url
from backend.web.summary import located

__all__ = ["TEMPLATES_DIR", "Words", "environment", "language_of", "render", "wants_block"]

TEMPLATES_DIR = Path(__file__).resolve().parent / "templates"
LTR_ISOLATE, ISOLATE, END_ISOLATE = "\u2066", "\u2068", "\u2069"
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_NUMBER = re.compile(r"[A-Z]{2,5}-\d{4}-\d+")
_JOINED = "-\u2060"  # a dossier's number cut at its hyphen reads backwards in Arabic


class PageActor(Reader, nav.Navigator, Protocol):
    """What a page asks of whoever reads it."""

    @property
    def name(self) -> str: ...


def isolated(lang: str, text: str) -> str:
    """A left-to-right run that Arabic text around it cannot reorder (as it is in French)."""
    return f"{LTR_ISOLATE}{text}{END_ISOLATE}" if lang == "ar" else text


def _params(lang: str, params: Mapping[str, object]) -> dict[str, object]:
    """Parameters ready for a sentence: in Arabic, names in Latin letters are isolated."""
    if lang != "ar":
        return dict(params)
    return {
        name: f"{ISOLATE}{_NUMBER.sub(_joined, value)}{END_ISOLATE}"
        if isinstance(value, str) and not isinstance(value, Markup) and _LATIN.search(value)
        else value
        for name, value in params.items()
    }


def _joined(number: re.Match[str]) -> str:
    return number[0].replace("-", _JOINED)


@cache
def _escaped(words: str) -> str:
    return str(escape(words))


def _filled(words: str, params: Mapping[str, object]) -> Markup:
    """The sentence with its parameters, both escaped: what `Markup.format` does, ten times faster."""
    return Markup(_escaped(words).format(**{name: escape(value) for name, value in params.items()}))  # noqa: S704


class Words:
    """The functions and filters of one language's templates; sentences are escaped, parameters too."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def text(self, msgid: str, /, **params: object) -> str:
        """`_("Dossier {number}", number=…)`; a parameter that is markup stays markup."""
        words = i18n.translate(self.lang, msgid)
        return _filled(words, _params(self.lang, params)) if params else words

    def plural(self, singular: str, plural: str, n: int, /, **params: object) -> str:
        """`ngettext("{n} dossier", "{n} dossiers", count)`."""
        words = i18n.plural_text(self.lang, singular, plural, n)
        number = self.quantity(n)
        return _filled(words, {"n": number, **_params(self.lang, params)})

    def label(self, code: str, /, **params: object) -> str:
        """The words of a code."""
        return self.text(str(code), **params)

    def loc(self, value: Mapping[str, str] | str | None) -> str:
        """What staff typed, in this language if they did."""
        return i18n.spaced(i18n.localized(self.lang, value))

    def amount(self, centimes: int, unit: bool = True) -> str:
        """Centimes as `300 000,00 DH`, the number isolated in Arabic."""
        amount = isolated(self.lang, money.format_money(centimes, self.lang, unit=False))
        return f"{amount}{money.NBSP}{money.CURRENCY[self.lang]}" if unit else amount

    def quantity(self, value: money.Number, decimals: int | None = None) -> str:
        """A number with its groups; isolated in Arabic only where its sign or spaces need it."""
        written = money.format_number(value, self.lang, decimals)
        return written if written.isdigit() else isolated(self.lang, written)

    def share(self, value: money.Number, decimals: int = 0) -> str:
        """A share of one as a percentage."""
        return isolated(self.lang, money.format_percent(value, self.lang, decimals))

    def ltr(self, text: object) -> str:
        """Telephone numbers, scores like 9–0–0, codes: left to right in both languages."""
        return isolated(self.lang, str(text))

    def day(self, day: date, form: calendar.DateForm = "long") -> str:
        """A day in words (`long`, `weekday`, `short`, `month`, `numeric`)."""
        return calendar.format_date(day, self.lang, form)

    def moment(self, moment: datetime) -> str:
        """An instant in words, on Casablanca's clock."""
        return calendar.format_datetime(moment, self.lang)

    def at_hour(self, moment: datetime) -> str:
        """`16 h 30` / `16:30`."""
        return calendar.format_hour(moment, self.lang)

    def late(self, moment: datetime, now: datetime | None = None) -> str:
        """`en retard de 12 jours`, in calendar days on Casablanca's clock."""
        days = (calendar.local(now or present()).date() - calendar.local(moment).date()).days
        if days < 1:
            return i18n.translate(self.lang, "en retard depuis aujourd’hui")
        return i18n.ntranslate(self.lang, "en retard de {n} jour", "en retard de {n} jours", days)

    def due(self, moment: datetime, now: datetime | None = None) -> str:
        """`dans 6 jours`, `il y a 2 jours`, counted from the arrival of the request unless `now` is given."""
        return calendar.deadline_in_words(moment, now or present(), self.lang)


FILTERS = {
    "money": "amount",
    "number": "quantity",
    "percent": "share",
    "ltr": "ltr",
    "date": "day",
    "datetime": "moment",
    "hour": "at_hour",
    "deadline": "due",
    "late": "late",
    "loc": "loc",
}
"""Names of the filters in templates, and the methods of `Words` behind them."""


class Kept:
    """Components remembered under what they were given: `kept("slice/page", macro, …)` renders them once.

    A macro knows nothing but its arguments and its language, so that nothing kept can ever be out of date.
    """

    LIMIT = 20_000

    def __init__(self) -> None:
        self._made: dict[tuple[Hashable, ...], Markup] = {}

    def __call__(self, template: str, macro: Any, *given: Hashable) -> Markup:
        key = (template, macro.name, *given)
        found = self._made.get(key)
        if found is None:
            if len(self._made) >= self.LIMIT:
                self._made.clear()
            found = self._made[key] = macro(*given)
        return found


def seconds_left(moment: datetime, now: datetime | None = None) -> float:
    """Seconds from now to `moment`, negative once it has passed."""
    return (moment - (now or present())).total_seconds()


def _environment(lang: str) -> Environment:
    """An environment bound to a language: macros need no context and are compiled once."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Words(lang)
    env.filters.update({name: getattr(words, method) for name, method in FILTERS.items()})
    env.filters["clock"] = calendar.format_time
    env.filters["utc_offset"] = calendar.utc_offset
    env.filters["located"] = partial(located, words)
    rtl = i18n.direction(lang) == "rtl"
    ui = SimpleNamespace()
    env.globals.update(
        _=words.text,
        ngettext=words.plural,
        label=words.label,
        loc=words.loc,
        lang=lang,
        dir=i18n.direction(lang),
        rtl=rtl,
        axis=Axis(rtl),
        months_between=months_between,
        seconds_left=seconds_left,
        static=static,
        ui=ui,
        kept=Kept(),
        Markup=Markup,
        sign_in_path=nav.SIGN_IN_PATH,
        sign_out_path=nav.SIGN_OUT_PATH,
    )
    for name in sorted(path.name for path in (TEMPLATES_DIR / "ui").glob("*.html")):
        exported = env.get_template(f"ui/{name}").module
        vars(ui).update({key: value for key, value in vars(exported).items() if not key.startswith("_")})
    return env


environment = cache(_environment)


def wants_block(request: Request) -> bool:
    """Whether htmx asks for a part: not a boosted visit nor a return through history."""
    return request.headers.get("hx-request-type") == "partial"


def page_context(request: Request, actor: PageActor, lang: str) -> dict[str, Any]:
    """What the layout and the pages know of the request."""
    other = next(code for code in i18n.LANGUAGES if code != lang)
    return {
        "request": request,
        "actor": actor,
        "path": request.url.path,
        "now": present(),
        "menu": partial(nav.menu_for, actor, request.url.path, lang),
        "other_language": other,
        "other_language_url": switch_url(request, other),
    }


def render(
    request: Request,
    actor: PageActor,
    template: str,
    block: str | None = None,
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """A whole page, or its block `block` when htmx asks for a part of the page.

    A block is rendered alone: what it needs is set inside it or passed in `context`.
    """
    lang = language_of(request, actor)
    page = environment(lang).get_template(template)
    values = {**page_context(request, actor, lang), **context}
    if block and wants_block(request):
        html = "".join(page.blocks[block](page.new_context(values)))
    else:
        html = page.render(values)
    headers = {
        "Content-Language": lang,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Accept-Language, HX-Request-Type",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
