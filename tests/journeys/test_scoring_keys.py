"""An evaluator judges ten dossiers without the mouse: declaration, marks, a note, signature, next."""

import pytest

from backend.calls.callfile import read
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.reviews import given

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

FILES = 10
_SEEN = """() => { const e = document.activeElement; const b = e.getBoundingClientRect();
  return b.bottom > 0 && b.top < innerHeight; }"""


def _tabs_to(reader: Reader, found: str, most: int = 60) -> None:
    """Press Tab until what has the focus answers to `found` (JavaScript on `e`); it is then on the screen."""
    for _ in range(most):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate(f"() => {{ const e = document.activeElement; return !!({found}); }}"):
            assert reader.page.evaluate(_SEEN)
            return
    raise AssertionError(f"{found} is not reached by {most} Tabs on {reader.page.url}")


def _follows(reader: Reader, key: str) -> None:
    with reader.page.expect_navigation():
        reader.page.keyboard.press(key)


def _declares(reader: Reader) -> None:
    """No tie: the first answer, by the space bar; then the only button."""
    _tabs_to(reader, "e.name === 'conflict'")
    reader.page.keyboard.press("Space")
    assert reader.page.evaluate("document.activeElement.value") == "no"
    _tabs_to(reader, "e.matches('main form button')")
    _follows(reader, "Enter")


def _scores(reader: Reader, level: int) -> None:
    """A digit for each criterion, an arrow to the next; a note on the first; Ctrl and Enter sign."""
    press = reader.page.keyboard.press
    for n, _ in enumerate(given.CRITERIA):
        press(str(level))
        if n == 0:
            press("n")
            reader.page.keyboard.type("Chiffré.")
            press("Escape")
        press("ArrowDown")
    reader.sees_marked(100)
    _follows(reader, "Control+Enter")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_ten_dossiers_by_keyboard_only(site: Site, lang: str) -> None:
    site.reads("evaluator", lang)
    dossiers = given.eligible(site.world, FILES)
    for dossier in dossiers:
        given.assigned(site.world, "evaluator", application_id=dossier)
    reader = site.reader("evaluator", lang)
    reader.page.add_init_script(
        "addEventListener('pointerdown', () => sessionStorage.setItem('touched', '1'), true)"
    )
    reader.goes_to("/reviews").is_well()
    _tabs_to(reader, "e.closest('.next-step, main')?.contains(e) && e.href?.includes('/reviews/')")
    _follows(reader, "Enter")
    for n in range(FILES):
        _declares(reader)
        if n == 0:
            reader.is_well()
        _scores(reader, n % 5)
    reader.sees("Tous vos dossiers sont évalués").is_well()
    assert reader.page.evaluate("sessionStorage.getItem('touched')") is None
    for n, dossier in enumerate(dossiers):
        kept = given.standing(dossier)
        assert kept
        assert kept.score_hundredths == 2500 * (n % 5)


def test_keys_alone_may_be_put_off_and_the_dossier_scrolls(site: Site) -> None:
    made = given.opened(site.world)
    reader = site.reader("evaluator").goes_to(f"/reviews/{made.id}")
    press, page = reader.page.keyboard.press, reader.page
    press("d")
    assert page.evaluate("document.activeElement.id") == "dossier"
    before = page.evaluate("document.querySelectorAll('.criterion[open]')[0].querySelector('fieldset').id")
    press("ArrowDown")
    assert page.evaluate("document.querySelectorAll('.criterion[open] fieldset')[0].id") == before
    press("g")
    assert page.evaluate("document.activeElement.type") == "radio"
    page.locator("#keys-alone").focus()
    press("Space")
    press("3")
    assert page.locator("input[type=radio]:checked").count() == 0
    reader.goes_to(f"/reviews/{made.id}")
    press("3")
    assert page.locator("input[type=radio]:checked").count() == 0


def test_a_key_changes_nothing_of_a_signed_review(site: Site) -> None:
    dossier = given.eligible(site.world)[0]
    signed = given.signed(site.world, "evaluator", dossier, level=2)
    page = site.reader("evaluator").goes_to(f"/reviews/{signed.id}").page
    page.keyboard.press("4")
    assert {one.get_attribute("value") for one in page.locator("input[type=radio]:checked").all()} == {"2"}


def test_two_digits_are_one_mark_where_the_scale_goes_beyond_nine(site: Site) -> None:
    levels = [{"fr": f"Niveau {n}", "ar": f"المستوى {n}"} for n in range(13)]
    grid = dict(read(given.CALLS / "agadir-2023.yaml").as_json()["grid"])
    grid |= {"scale_max": 12, "criteria": [one | {"levels": levels} for one in grid["criteria"]]}
    given.a_call(site.world, grid=grid)
    page = site.reader("evaluator").goes_to(f"/reviews/{given.opened(site.world).id}").page
    chosen = page.locator(".criterion[open] input[type=radio]:checked")
    for key, kept in (("1", "1"), ("2", "12"), ("5", "5"), ("9", "9")):  # 125 and 59 are no marks
        page.keyboard.press(key)
        assert chosen.get_attribute("value") == kept
    for key in ("1", "ArrowDown", "2"):  # another criterion begins anew
        page.keyboard.press(key)
    assert chosen.get_attribute("value") == "2"


def test_an_older_window_shows_what_another_one_kept_before_it_writes(site: Site) -> None:
    path = f"/reviews/{given.opened(site.world).id}"
    older, newer = (site.reader("evaluator").goes_to(path) for _ in range(2))
    newer.page.keyboard.press("3")
    newer.page.fill('[name="notes.impact"]', "Chiffres vérifiés sur place")
    newer.presses("Enregistrer")
    older.page.keyboard.press("1")
    older.sees("Cette évaluation a changé dans une autre fenêtre").sees("3 · Chiffres vérifiés sur place")
