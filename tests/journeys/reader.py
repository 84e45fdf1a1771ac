"""Somebody in front of a browser: she reads words and presses what they name, in her language.

Words are given as the templates have them (in French); an Arabic reader meets their translation.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as NotThere

from backend.core import i18n
from tests.journeys.inspection import Inspector

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}
PATIENCE = 10_000  # milliseconds that a word may take to appear
_MARKS = dict.fromkeys([0x2066, 0x2068, 0x2069, 0x200F, 0x200E])


def plain(text: str) -> str:
    """Words as they are read: no direction marks, ordinary spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text.translate(_MARKS))).strip()


class Reader:
    """One browser. `page` is Playwright's, for what has no word here."""

    def __init__(
        self,
        chromium: Browser,
        base: str,
        lang: str = "fr",
        *,
        phone: bool = False,
        script: bool = True,
        worker: bool = True,
        found: list[str] | None = None,
    ) -> None:
        self.base = base
        self.lang = lang
        self.script = script
        self.context = chromium.new_context(
            viewport=PHONE if phone else DESK,
            locale="ar-MA" if lang == "ar" else "fr-MA",
            java_script_enabled=script,
            has_touch=phone,
            service_workers="allow" if worker else "block",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.inspector = Inspector(self.page, [] if found is None else found)
        self._within: list[Locator] = []

    # -- words -----------------------------------------------------------------------------------
    def words(self, text: str | Mapping[str, str], **params: object) -> str:
        """In her language: what staff typed in both, or a msgid of ours."""
        if not isinstance(text, str):
            return text[self.lang]
        return plain(i18n.translate(self.lang, text, **params))

    def count(self, singular: str, plural: str, n: int, **params: object) -> str:
        """`3 dossiers` in her language."""
        return plain(i18n.ntranslate(self.lang, singular, plural, n, **params))

    # -- going -----------------------------------------------------------------------------------
    def goes_to(self, path: str) -> "Reader":
        self.page.goto(self.base + path if path.startswith("/") else path)
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    def sign_in(self, email: str, password: str) -> None:
        self.goes_to("/sign-in")
        self.types("Adresse électronique", email)
        self.types("Mot de passe", password)
        form = self.page.locator('form:has(input[name="password"][type="password"])')
        form.get_by_role("button", name=self.words("Se connecter")).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def leaves(self) -> None:
        self.context.close()

    # -- reading ---------------------------------------------------------------------------------
    def text(self) -> str:
        return plain(self.page.locator("body").inner_text())

    def sees(self, text: str | Mapping[str, str], **params: object) -> "Reader":
        """These words are on the page, whatever isolates or unbreakable spaces they hold."""
        wanted = re.sub(r"\s+", r"\\s+", re.escape(self.words(text, **params)).replace(r"\ ", " "))
        loose = re.compile(_with_marks(wanted))
        try:
            expect(self.page.locator("body")).to_have_text(loose, timeout=PATIENCE, use_inner_text=True)
        except AssertionError:
            raise AssertionError(self._instead(self.words(text, **params))) from None
        return self

    def sees_marked(self, points: int) -> "Reader":
        """The sum of a grid says how many of its points have a mark."""
        return self.sees(self.count("sur {n} point noté", "sur {n} points notés", points))

    def does_not_see(self, text: str | Mapping[str, str], **params: object) -> "Reader":
        assert self.words(text, **params) not in self.text()
        return self

    def reads_title(self, text: str | Mapping[str, str], **params: object) -> "Reader":
        """The page's only h1 says this."""
        found = plain(self.page.locator("h1").inner_text())
        assert self.words(text, **params) in found, found
        return self

    def is_well(self) -> "Reader":
        """Accessible, not wider than the screen, silent, in her language and direction."""
        self.inspector.inspect(self.lang, script=self.script)
        return self

    # -- doing -----------------------------------------------------------------------------------
    @property
    def where(self) -> Any:
        return self._within[-1] if self._within else self.page.locator("body")

    @contextmanager
    def within(self, group: str | Mapping[str, str] | Locator, **params: object) -> Iterator[None]:
        """Inside the group of fields (or the place) so named."""
        place = (
            group
            if isinstance(group, Locator)
            else self.where.get_by_role("group", name=self._named(self.words(group, **params))).first
        )
        self._within.append(place)
        try:
            yield
        finally:
            self._within.pop()

    def presses(self, text: str, *, nth: int = 0, **params: object) -> "Reader":
        words = self.words(text, **params)
        button = self._there(
            self.where.get_by_role("button", name=self._named(words, whole=True)).nth(nth), words
        )
        with self.page.expect_navigation():
            button.click()
        return self

    def follows(self, text: str | Mapping[str, str], *, nth: int = 0, **params: object) -> "Reader":
        words = self.words(text, **params)
        link = self._there(self.where.get_by_role("link", name=self._named(words)).nth(nth), words)
        with self.page.expect_navigation():
            link.click()
        return self

    def types(self, label: str | Mapping[str, str], value: str) -> "Reader":
        self._field(label).fill(value)
        return self

    def picks(self, label: str, option: str | Mapping[str, str]) -> "Reader":
        """An option of a select, by its words."""
        wanted = self.words(option)
        field = self._field(label)
        options = field.locator("option").all_inner_texts()
        chosen = [n for n, text in enumerate(options) if plain(text) == wanted]
        assert chosen, f"{wanted!r} is not among {options[:40]}"
        field.select_option(index=chosen[0])
        return self

    def chooses(self, option: str | Mapping[str, str], **params: object) -> "Reader":
        """A radio button or a box, by its words."""
        words = self.words(option, **params)
        self._there(self.where.locator("label", has_text=self._named(words)).first, words).click()
        return self

    def opens(self, summary: str, **params: object) -> "Reader":
        """A folded part."""
        words = self.words(summary, **params)
        self._there(self.where.locator("summary", has_text=self._named(words)).first, words).click()
        return self

    def value_of(self, label: str | Mapping[str, str]) -> str:
        value: str = self._field(label).input_value()
        return value

    def _field(self, label: str | Mapping[str, str]) -> Locator:
        words = self.words(label)
        field = self.page.locator("input, textarea, select")
        return self._there(self.where.get_by_label(self._named(words)).and_(field).first, words)

    def _there(self, found: Locator, words: str) -> Locator:
        """What was looked for, or what the page says instead of it."""
        try:
            found.wait_for(state="attached")
        except NotThere:
            raise AssertionError(self._instead(words)) from None
        return found

    def _instead(self, words: str) -> str:
        return f"{words!r} is not on {self.page.url}:\n{self.text()[:3000]}"

    @staticmethod
    def _named(words: str, *, whole: bool = False) -> re.Pattern[str]:
        pattern = _with_marks(re.sub(r"\s+", r"\\s+", re.escape(words).replace(r"\ ", " ")))
        return re.compile(rf"^\s*{pattern}\s*$" if whole else pattern)


def _with_marks(pattern: str) -> str:
    """The pattern, blind to the direction marks that may stand between words."""
    marks = "[\u2066\u2068\u2069\u200e\u200f]*"
    return marks + pattern.replace(r"\s+", rf"{marks}[\s\u00a0\u202f]+{marks}") + marks
