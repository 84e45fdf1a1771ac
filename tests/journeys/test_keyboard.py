"""Without a mouse: the focus is seen, the main part is one key away, errors take the focus."""

import pytest

from tests.applications import given as applications
from tests.journeys.reader import Reader
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

FOCUS = "document.activeElement"
_LOOK = """() => { const e = document.activeElement; const s = getComputedStyle(e);
  const near = e.closest('label') || e.parentElement; const n = getComputedStyle(near);
  const b = e.getBoundingClientRect();
  return {name: e.tagName + ' ' + (e.textContent || e.name || '').trim().slice(0, 40),
    seen: b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth,
    ring: [s, n, ...[...near.querySelectorAll('*')].map(x => getComputedStyle(x))].some(
      x => (x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) >= 2) || x.boxShadow !== 'none')}; }"""


def _walk(reader: Reader, steps: int) -> list[str]:
    """Press Tab so often; what had the focus, each time seen and ringed."""
    names = []
    for _ in range(steps):
        reader.page.keyboard.press("Tab")
        found = reader.page.evaluate(_LOOK)
        if found["name"].startswith("BODY"):
            break
        assert found["seen"], found
        assert found["ring"], found
        names.append(found["name"])
    return names


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_focus_is_seen_all_along(site: Site, lang: str) -> None:
    site.reads("holder", lang)
    dossier = applications.filled(site.world)
    reader = site.reader("holder", lang)
    for path in ("/", f"/applications/{dossier.id}", f"/applications/{dossier.id}/location"):
        reader.goes_to(path)
        assert len(_walk(reader, 25)) > 5


def test_the_skip_link_leads_to_the_main_part(site: Site) -> None:
    reader = site.reader().goes_to("/")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(f"{FOCUS}.textContent") == reader.words("Aller au contenu")
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate(f"{FOCUS}.id") == "main"
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(f"document.querySelector('main').contains({FOCUS})")


def test_errors_take_the_focus_and_lead_to_their_fields(site: Site) -> None:
    dossier = applications.filled(site.world)
    reader = site.reader("holder", phone=True).goes_to(f"/applications/{dossier.id}/financing")
    reader.types("Apport en argent", "beaucoup").presses("Enregistrer")
    reader.sees("Ce que vous avez saisi est gardé.").is_well()
    assert reader.page.evaluate(f"{FOCUS}.matches('.error-summary')")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab") if reader.page.evaluate(f"{FOCUS}.id") != "own_cash_centimes" else None
    assert reader.page.evaluate(f"{FOCUS}.id") == "own_cash_centimes"


def test_nothing_moves_under_a_finger(site: Site) -> None:
    """What the platform answers while the button is held down is said once it is lifted: the press counts."""
    dossier = applications.filled(site.world)
    reader = site.reader("holder").goes_to(f"/applications/{dossier.id}/financing")
    button = reader.page.get_by_role("button", name=reader.words("Enregistrer"), exact=True)
    reader.types("Apport en argent", "beaucoup")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place
    reader.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    with reader.page.expect_response(lambda answer: answer.url.endswith("/fields")):
        reader.page.mouse.down()
    reader.page.wait_for_timeout(300)
    assert button.bounding_box() == place
    with reader.page.expect_navigation():
        reader.page.mouse.up()
    reader.sees("Ce que vous avez saisi est gardé.")


def test_signing_in_and_opening_the_menu_by_keys(site: Site) -> None:
    reader = site.reader(None, phone=True).goes_to("/")
    menu = reader.page.locator("details.menu summary")
    menu.focus()
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(f"document.querySelector('details.menu nav').contains({FOCUS})")
    reader.page.keyboard.press("Escape")
    assert not reader.page.evaluate("document.querySelector('details.menu').open")
