"""The style page in a real browser: accessible, no sideways scroll, light, silent, in both directions."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.web.given import app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
BOTH = pytest.mark.parametrize("lang", ["fr", "ar"])
WIDTHS = pytest.mark.parametrize("width", [360, 1280])
POLICY = b"default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'"


def _guarded(inner):
    """The application under the content security policy of the real one."""

    async def outer(scope, receive, send):
        async def with_policy(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY)]
            await send(message)

        await inner(scope, receive, with_policy)

    return outer


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(_guarded(app()), port=port, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _open(browser: Browser, url: str, width: int = 1280, **options) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, **options).new_page()
    page.goto(url, wait_until="networkidle")
    return page


@BOTH
@WIDTHS
def test_axe_finds_nothing(browser: Browser, site: str, lang: str, width: int) -> None:
    page = _open(browser, f"{site}/style?lang={lang}", width, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' ')))"
    )
    assert found == []


@BOTH
@WIDTHS
def test_nothing_scrolls_sideways(browser: Browser, site: str, lang: str, width: int) -> None:
    page = _open(browser, f"{site}/style?lang={lang}", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@BOTH
def test_the_policy_breaks_nothing_and_first_loads_are_light(browser: Browser, site: str, lang: str) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    said: list[str] = []
    sizes: dict[str, int] = {}
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "response",
        lambda answer: sizes.update({answer.url: int(answer.headers.get("content-length", 0))}),
    )
    page.goto(f"{site}/style?lang={lang}", wait_until="networkidle")
    assert said == []
    shared = sum(size for url, size in sizes.items() if "/static/" in url)
    assert shared < 75_000
    assert lang == "ar" or not any("arabic" in url for url in sizes)


def test_menu_and_language_work_without_javascript(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/style", 360, java_script_enabled=False, locale="fr-FR")
    page.locator("details.menu summary").click()
    assert page.locator("details.menu nav").is_visible()
    page.locator("a.language").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.url.endswith("/style")


def test_keyboard_reaches_the_content_first_and_marks_by_arrows(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/style?lang=fr")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("input[name=viability]:checked").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=viability]:checked").get_attribute("value") == "4"
