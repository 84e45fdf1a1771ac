"""Pages and their blocks, words and amounts in both languages, and what templates may not do."""

import re
from datetime import date
from fractions import Fraction

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from backend.core.calendar import parse_local
from backend.web.render import TEMPLATES_DIR, Kept, Words, environment, render, seconds_left, wants_block
from tests.web.given import Asked, nobody, officer

FR, AR = Words("fr"), Words("ar")
PROBLEM = {
    "title": "Introuvable",
    "detail": "<b>",
    "action": "Vérifiez",
    "errors": [],
    "params": {},
    "status": 404,
    "code": "not_found",
}
TEMPLATES = sorted(path.relative_to(TEMPLATES_DIR).as_posix() for path in TEMPLATES_DIR.rglob("*.html"))
CHART = """{{ ui.line_chart([{"points": [(0, 1), (2, 0)], "kind": "solid", "value": "1", "text": "t"}],
  x=(0, 2), y=(0, 1), x_ticks=[(0, "0")], y_ticks=[(0, "0")], label="l", steps=true) }}"""


def page(asked: Asked, actor=None, block=None, **context) -> str:
    reader = actor or nobody()
    answer = render(asked.request(), reader, "problem.html", block, problem=PROBLEM | context)
    return answer.body.decode()


def test_a_whole_page_has_its_landmarks_and_direction() -> None:
    html = page(Asked(headers={"accept-language": "ar"}))
    assert '<html lang="ar" dir="rtl">' in html
    assert all(mark in html for mark in ("<header", "<main", "<nav", "<footer", 'class="skip"'))
    assert '<html lang="fr" dir="ltr">' in page(Asked())


def test_htmx_gets_the_block_it_names_and_history_the_page() -> None:
    partial = Asked(headers={"hx-request": "true", "hx-request-type": "partial"})
    full = Asked(headers={"hx-request": "true", "hx-request-type": "full"})
    history = Asked(headers={"hx-history-restore-request": "true"})
    assert "<html" not in page(partial, block="content")
    assert "Introuvable" in page(partial, block="content")
    assert "<html" in page(partial)
    assert "<html" in page(full, block="content")
    assert "<html" in page(history, block="content")
    assert wants_block(partial.request())


def test_answers_vary_with_what_they_depend_on() -> None:
    answer = render(Asked().request(), nobody(), "problem.html", status=404, problem=PROBLEM)
    assert answer.status_code == 404
    assert "HX-Request-Type" in answer.headers["vary"]
    assert answer.headers["content-language"] == "fr"


def test_what_people_typed_is_escaped() -> None:
    assert "<b>" not in page(Asked()).split("<main")[1].split("</main")[0]
    assert FR.text("Dossier {name}", name="<i>") == "Dossier &lt;i&gt;"
    assert FR.text("Dossier {name}", name=Markup("<i>")) == "Dossier <i>"


def test_somebody_signed_in_sees_her_name_and_the_way_out() -> None:
    html = page(Asked(), officer())
    assert "DAS Taroudannt" in html
    assert 'method="post" action="/sign-out"' in html
    assert "/sign-in" in page(Asked())


def test_amounts_and_numbers_never_reorder() -> None:
    assert FR.amount(30_000_000) == "300\u00a0000,00\u00a0DH"
    assert AR.amount(30_000_000) == "\u2066300\u00a0000,00\u2069\u00a0درهم"
    assert AR.amount(100, unit=False) == "\u20661,00\u2069"
    assert AR.share(Fraction(3, 5)) == "\u206660%\u2069"
    assert AR.quantity(-14) == "\u2066\u221214\u2069"
    assert AR.quantity(7) == "7"
    assert AR.ltr("9–0–0") == "\u20669–0–0\u2069"


def test_names_in_latin_letters_are_isolated_in_arabic() -> None:
    assert AR.text("Référence : {code}", code="TAR-1") == "المرجع: \u2068TAR-1\u2069"
    assert AR.text("Référence : {code}", code="12") == "المرجع: 12"
    assert FR.text("Référence : {code}", code="TAR-1") == "Référence\u00a0: TAR-1"


def test_plurals_labels_and_words_of_staff() -> None:
    assert FR.plural("dans {n} jour", "dans {n} jours", 2) == "dans 2 jours"
    assert AR.plural("dans {n} jour", "dans {n} jours", 2) == "بعد يومين"
    assert AR.label("field.missing") == "هذا الجواب ضروري."
    assert AR.loc({"fr": "Appel", "ar": "طلب"}) == "طلب"


def test_dates_and_deadlines() -> None:
    closes, now = parse_local("2026-03-10 16:30"), parse_local("2026-03-04 14:00")
    assert FR.day(date(2026, 3, 1), "short") == "1er mars"
    assert FR.moment(closes).startswith("mardi 10 mars 2026")
    assert AR.at_hour(closes) == "16:30"
    assert FR.due(closes, now) == "dans 6 jours"
    assert FR.due(parse_local("2020-01-01 00:00")).startswith("il y a")
    assert FR.late(parse_local("2026-03-04 10:00"), now) == "en retard depuis aujourd’hui"
    assert FR.late(parse_local("2026-02-20 10:00"), now) == "en retard de 12 jours"
    assert AR.late(parse_local("2026-03-02 10:00"), now) == "متأخر بيومين"
    assert seconds_left(closes, now) == 6 * 86400 + 9000
    assert seconds_left(parse_local("2020-01-01 00:00")) < 0


def test_a_forgotten_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment("fr").from_string("{{ forgotten }}").render()


def test_components_answer_to_their_states() -> None:
    def made(source: str, lang: str = "fr") -> str:
        return environment(lang).from_string(source).render(at=parse_local("2026-03-10 16:30"))

    late = '{{ ui.deadline("Dépôt", at, now=at.replace(year=2027)) }}'
    assert 'class="deadline no"' in made(late)
    assert "<form" in made('{{ ui.next_step("a", "b", "c", "/x", post=true) }}')
    assert 'aria-invalid="true"' in made('{{ ui.field("a", "A", "x", error="non") }}')
    assert 'aria-describedby="a-hint a-error"' in made('{{ ui.field("a", "A", hint="h", error="e") }}')
    assert "درهم" in made('{{ ui.field("a", "A", type="money") }}', "ar")
    assert made("{{ ui.error_summary([]) }}").strip() == ""
    assert "<small>" in made('{{ ui.radios("a", "A", [("x", "X", "petit")], cards=false) }}')
    assert "Précédents" in made('{{ ui.pager(previous="/p") }}')
    assert 'role="region"' in made('{{ ui.table([{"text": "A"}], [["x"]], mode="scroll") }}')
    assert "polyline" in made(CHART)
    assert "hidden data-offline" in made('{{ ui.offline_banner("a", "b") }}')


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_no_inline_script_or_style(name: str) -> None:
    """The content security policy refuses them; `|safe` is for the icons drawn here only."""
    source = (TEMPLATES_DIR / name).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src=)|javascript:|hx-on|js:", source)
    assert "|safe" not in source or name == "ui/basics.html"


def test_a_kept_component_is_rendered_once_a_language_and_never_for_other_words():
    made = []

    def macro(*given):
        made.append(given)
        return Markup("<b>{}</b>").format(*given)

    macro.name = "line"
    kept = Kept()
    assert kept("a", macro, "1 < 2") == kept("a", macro, "1 < 2") == "<b>1 &lt; 2</b>"
    assert made == [("1 < 2",)]
    assert kept("a", macro, "autre") == "<b>autre</b>"
    kept.LIMIT = 1
    kept("b", macro, "1 < 2")
    assert len(made) == 3
    kept("a", macro, "1 < 2")  # forgotten with the rest once there were too many
    assert len(made) == 4
    assert environment("fr").globals["kept"] is not environment("ar").globals["kept"]
