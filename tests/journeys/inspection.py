"""What every page must be: accessible, no wider than the screen, silent in the console, light on the wire."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
FIRST_LOAD, NEXT_LOAD = 100_000, 40_000  # bytes on the wire, fonts included (design.md)
_CODE = re.compile(r"\b(?:state|event|enum|problem|verb|role|nav|field|mail|phase|rule)\.[a-z_]+\b[a-z_.]*")
_FINDINGS = """
axe.run({resultTypes: ['violations']}).then(r => r.violations.map(
    v => v.id + ': ' + v.nodes.slice(0, 5).map(n => n.target.join(' ')).join(' | ')))
"""
_WIDEST = """
() => { const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll('*')].filter(e => {
      const b = e.getBoundingClientRect(); return b.width && (b.right > width + 1 || b.left < -1); })
    .slice(-5).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 60)); }
"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


class Inspector:
    """Watches one page; what is wrong goes to `found`, so that a journey tells all of it at its end."""

    def __init__(self, page: Page, found: list[str]) -> None:
        self.page = page
        self.found = found
        self.heard: list[str] = []
        page.on("console", lambda said: self._hear(said.type, said.text, said.location.get("url", "")))
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))

    def _hear(self, kind: str, text: str, url: str) -> None:
        """Errors and warnings, but for the browser's own note that a form was refused (4xx of a page)."""
        refused = text.startswith("Failed to load resource") and url == self.page.url
        if kind in ("error", "warning") and not refused:
            self.heard.append(f"{kind}: {text} ({url})")

    def inspect(self, lang: str, *, script: bool = True) -> None:
        """Without scripts neither axe nor the width can be asked."""
        page = self.page
        page.wait_for_load_state("load")
        wrong = list(self.heard)
        self.heard.clear()
        direction = {"fr": "ltr", "ar": "rtl"}[lang]
        html = page.locator("html")
        if (html.get_attribute("lang"), html.get_attribute("dir")) != (lang, direction):
            wrong.append(f"language: not in {lang}, {direction}")
        if page.locator("h1").count() != 1:
            wrong.append(f"headings: {page.locator('h1').count()} h1")
        if script:
            wrong += [f"axe {found}" for found in self._violations()]
            wrong += [f"wider than the screen: {found}" for found in page.evaluate(_WIDEST)]
        wrong += [
            f"a code instead of words: {code}" for code in _CODE.findall(page.locator("body").inner_text())
        ]
        self.found += [f"{page.url} ({lang}) {one}" for one in wrong]

    def _violations(self) -> list[str]:
        page = self.page
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(_axe())
        found: list[str] = page.evaluate(_FINDINGS)
        return found


class Wire:
    """Bytes that a page took from the network, as Chromium counts them: compressed, headers included."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.parts: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.requestWillBeSent", self._sent)
        protocol.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        url = self._urls.get(event["requestId"], "")
        self.parts[url] = self.parts.get(url, 0) + int(event["encodedDataLength"])

    def of(self, url: str) -> int:
        """Bytes to load this page, all that it asks for included."""
        self.parts.clear()
        self.page.goto(url, wait_until="networkidle")
        self.page.evaluate("document.fonts.ready.then(() => 1)")
        return sum(self.parts.values())

    def told(self) -> str:
        """Where the bytes went, the heaviest first."""
        heaviest = sorted(self.parts.items(), key=lambda part: -part[1])[:8]
        return json.dumps({url.rsplit("/", 1)[-1]: size for url, size in heaviest})
