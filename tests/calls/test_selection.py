"""How a call shares out its envelope: read, refused, told in both languages, compared, kept as it was."""

from pathlib import Path

import pytest

from backend.calls.callfile import CallFile, CallFileInvalid, from_json, read
from backend.calls.callfile.selecting import lines, selection_of
from backend.calls.differences import differences
from backend.calls.editor import acts, starting
from backend.calls.editor.preview import lines as preview

CALLS = Path(__file__).resolve().parents[2] / "calls"
BASE = (CALLS / "agadir-2023.yaml").read_text()
WOMEN = """
    - code: women
      label: {fr: Femmes, ar: النساء}
      among: {fact: members.women_share, at_least: 50 %}
      at_least: 30 %
"""
WHOLE = (
    """
selection:
  method: portfolio
  objective: jobs
  minimum: 80 %
  constraints:"""
    + WOMEN
)


def said(text: str) -> CallFile:
    return read(BASE + text, base=CALLS)


def refused(constraint: str, method: str = "portfolio") -> list[str]:
    text = f"\nselection:\n  method: {method}\n  constraints:\n    - code: one\n"
    with pytest.raises(CallFileInvalid) as found:
        said(f"{text}      label: {{fr: Une, ar: قيد}}\n      {constraint}\n")
    return [issue.code for issue in found.value.issues]


def test_absent_it_is_by_rank_and_old_definitions_keep_their_hash() -> None:
    file = said("")
    assert selection_of(file).method == "by_rank"
    assert "selection" not in file.as_json()
    assert lines(file, "fr")[0].startswith("Les projets qui atteignent les seuils sont financés dans l’ordre")


def test_read_told_in_both_languages_and_kept() -> None:
    file = said(WHOLE)
    assert from_json(file.as_json()) == file
    french, arabic = lines(file, "fr"), lines(file, "ar")
    assert "le nombre d’emplois prévus est le plus grand possible" in french[0]
    assert "au moins 80" in french[1]
    assert french[2].startswith("Femmes\u00a0: Au moins 30")
    assert arabic[2].startswith("النساء: ما لا يقل عن")
    changes = differences(said(""), file)
    assert [(one.part, one.before is None) for one in changes] == [("selection", True)] * 2
    assert differences(file, file) == []
    assert len(preview(file.as_json(), file, "selection", None, "fr")) == 3
    assert preview(file.as_json(), file, "selection", 0, "fr")[0].title == "Femmes"


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        ("at_least: 300000.505 DH", "limit"),
        ("at_least: 300000", "limit"),
        ("at_least: true", "limit"),
        ("at_least: many", "limit"),
        ("at_least: -1", "limit"),
        ("among: {fact: members.count, at_least: 5}", "selection_no_limit"),
        ("at_least: 5\n      at_most: 3", "selection_order"),
        ("at_least: 5\n      at_most: 300 000 DH", "selection_measures"),
        ("at_most: 30 %", "selection_share_of_all"),
        ("among: {fact: members.count, at_least: 5}\n      at_most: 130 %", "selection_share"),
        ("at_least: 900 000 000 DH", "selection_over_envelope"),
        ("among: {rule: legal_form}\n      at_least: 1", "selection_rule"),
        ("among: {fact: project.commune, is: 09.001.99.99.}\n      at_least: 1", "value_choice"),
        ("among: {fact: project.commune, is: 01.051.01.01}\n      at_least: 1", "value_choice"),
        ("among: {fact: nothing, at_least: 5}\n      at_least: 1", "unknown_fact"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(constraint: str, code: str) -> None:
    assert refused(constraint) == [code]


def test_constraints_serve_nothing_by_rank_and_codes_are_used_once() -> None:
    assert refused("at_least: 1", "by_rank") == ["selection_unused"]
    with pytest.raises(CallFileInvalid) as found:
        said(WHOLE + WOMEN)
    assert [issue.code for issue in found.value.issues] == ["duplicate"]


def test_the_editor_adds_a_constraint_and_whom_it_is_about() -> None:
    data: dict[str, object] = {}
    assert acts.act(data, "add:selection.constraints") == "selection.constraints.0"
    assert data == {"selection": {"constraints": [{"code": "constraint"}]}}
    acts.act(data, "begin:selection.constraints.0.among")
    assert acts.find(data, ("selection", "constraints", 0, "among", "fact")) == "members.count"
    acts.act(data, "drop:selection.constraints.0.among")
    assert acts.find(data, ("selection", "constraints", 0)) == {"code": "constraint"}
    assert starting.new_item("selection.constraints", "", data) == {"code": "constraint-2"}
