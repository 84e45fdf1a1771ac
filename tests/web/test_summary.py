"""The summary of errors names each field as its form does, and leads to it."""

import pytest

from backend.web.render import Words, environment
from backend.web.summary import label_of, located

FORM = """
{% call ui.form("/here", errors) %}
{{ ui.field("name", "Nom & prénom") }}
{{ ui.field("phone", "Téléphone ?", required=false) }}
{{ ui.radios("sex", "Sexe", [("w", "Femme")]) }}
{{ ui.checkbox("agreed", "J’accepte <tout>") }}
{% call ui.fieldset("Ligne 1") %}{{ ui.field("lines.0.label", "Dépense") }}{% endcall %}
{% call ui.fieldset("Ligne 2") %}{{ ui.field("lines.1.label", "Dépense") }}{% endcall %}
{{ ui.field("after", "Après") }}
{{ ui.score_input("marks.impact", "Impact", [(0, "rien")], points="– / 20") }}
<div id="lines"><fieldset><legend>Autre</legend></fieldset></div>
<input id="bare" name="bare">
{% endcall %}
"""


def form(lang: str = "fr", *errors: tuple[str, str]) -> str:
    return environment(lang).from_string(FORM).render(errors=list(errors))


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("name", "Nom & prénom"),
        ("phone", "Téléphone"),
        ("sex", "Sexe"),
        ("agreed", "J’accepte <tout>"),
        ("lines.0.label", "Ligne 1, Dépense"),
        ("lines.1.label", "Ligne 2, Dépense"),
        ("after", "Après"),
        ("marks.impact", "Impact"),
        ("lines", ""),
        ("bare", ""),
        ("nowhere", ""),
        ("", ""),
    ],
)
def test_the_label_of_a_field_is_that_of_its_form(field: str, label: str) -> None:
    assert label_of(form(), field) == label


def test_the_summary_names_each_field_once_and_leads_to_it() -> None:
    missing = "Cette réponse est nécessaire."
    html = form("fr", ("name", missing), ("sex", missing), ("name", missing), ("nowhere", "Refusé."))
    summary = html[html.index("error-summary") : html.index("</div>")]
    assert summary.count("<li>") == 3
    assert f'<a href="#name">Nom &amp; prénom\u00a0: {missing}</a>' in summary
    assert f'<a href="#sex">Sexe\u00a0: {missing}</a>' in summary
    assert "<li>Refusé.</li>" in summary


def test_what_a_field_is_called_cannot_write_markup() -> None:
    html = form("fr", ("agreed", "<b>non</b>"))
    assert "J’accepte &lt;tout&gt;\u00a0: &lt;b&gt;non&lt;/b&gt;" in html
    assert "<b>non" not in html


def test_without_errors_nothing_is_read() -> None:
    assert "error-summary" not in form()
    arabic = located(Words("ar"), [("name", "خطأ")], form("ar"))
    assert arabic == [("name", "\u2068Nom &amp; prénom\u2069: خطأ")]


@pytest.mark.parametrize(("lang", "comma"), [("fr", "Ligne 1, Dépense"), ("ar", "Ligne 1، Dépense")])
def test_group_and_label_are_parted_as_the_language_parts_them(lang: str, comma: str) -> None:
    assert comma in form(lang, ("lines.0.label", "Manque.")).split("</ul>")[0]
