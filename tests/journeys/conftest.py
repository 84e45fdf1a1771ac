"""One browser a module; a site of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import browser
from tests.journeys.site import Site, catching_mail, serving


@pytest.fixture(scope="module", autouse=True)
def _unmeasured(unmeasured: None) -> None:
    """What the pages run is measured by the tests of their slices."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture
def site(
    committed: str, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """The platform on a database of the test's own, its mail kept in a folder."""
    from backend.core.config import settings
    from backend.core.mail import mailer

    mail = tmp_path / "mail"
    with catching_mail(mail) as port:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("INDH_MAIL_DIR", str(mail))
        settings.cache_clear()
        mailer.close()
        with serving(chromium, mail) as running:
            yield running
            for context in chromium.contexts:
                context.close()
        mailer.close()
    settings.cache_clear()
    assert not running.found, "\n".join(dict.fromkeys(running.found))
