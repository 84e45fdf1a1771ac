"""First load of a page ≤ 100 kB on the wire with its fonts, each following page ≤ 40 kB."""

import pytest

from backend.durability.models import ProjectStatus
from tests.applications import given as applications
from tests.calls import given as calls
from tests.journeys.inspection import FIRST_LOAD, NEXT_LOAD, Wire
from tests.journeys.site import Site
from tests.observatory import given as observatory
from tests.reviews import given as reviews

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]
BOTH = pytest.mark.parametrize("lang", ["fr", "ar"])


def _weighs(site: Site, name: str | None, lang: str, *paths: str) -> None:
    """A browser that knows nothing loads the first page, then the others; then the first, as a next page."""
    reader = site.reader(None, lang, phone=True, worker=False)  # it fetches where the wire is not seen
    wire = Wire(reader.page)
    if name:
        reader.context.add_cookies([site.cookie(name)])
    for n, path in enumerate((*paths, paths[0])):
        weight, limit = wire.of(site.base + path), FIRST_LOAD if n == 0 else NEXT_LOAD
        assert weight <= limit, f"{path} ({lang}): {weight} bytes, at most {limit}: {wire.told()}"
        assert weight > 500, wire.told()
    heard = reader.inspector.heard
    heard[:] = [one for one in heard if "blocked by Playwright" not in one]
    reader.is_well()


@BOTH
def test_what_anybody_opens_first(site: Site, lang: str) -> None:
    for n in range(4):
        calls.published(site.world, code=f"agadir-{n}")
    funded = observatory.followed(site.world, 2)
    observatory.answered(site.world, funded[0], ProjectStatus.ACTIVE)
    _weighs(site, None, lang, "/", "/calls/agadir-1", "/observatory")
    _weighs(site, None, lang, "/observatory", "/", "/sign-in")


@BOTH
def test_what_a_holder_opens_first(site: Site, lang: str) -> None:
    site.reads("holder", lang)
    dossier = applications.filled(site.world)
    home = f"/applications/{dossier.id}"
    _weighs(site, "holder", lang, home, f"{home}/project", f"{home}/budget", f"{home}/check")


@BOTH
def test_what_an_evaluator_opens_first(site: Site, lang: str) -> None:
    site.reads("evaluator", lang)
    made = reviews.opened(site.world)
    _weighs(site, "evaluator", lang, f"/reviews/{made.id}", "/reviews")


@BOTH
def test_what_an_officer_opens_first(site: Site, lang: str) -> None:
    """A ranking of forty dossiers."""
    site.reads("officer", lang)
    reviews.scored(site.world, 40)
    call = f"/das/calls/{site.world.call}"
    _weighs(site, "officer", lang, f"{call}/ranking", f"{call}/assignments", f"{call}/applications")
