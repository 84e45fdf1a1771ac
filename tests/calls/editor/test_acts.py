"""What the editor's buttons and fields do to a call's data."""

from datetime import date
from typing import Any

import pytest

from backend.calls.callfile import from_json
from backend.calls.editor import acts, conditions, form
from backend.calls.editor.spec import SECTIONS
from backend.calls.editor.starting import PRESETS, issuer_of, new_call, new_item
from backend.calls.editor.text import data_of, dump


def test_rules_are_added_moved_grouped_and_removed() -> None:
    data: dict[str, Any] = {}
    assert acts.act(data, "add:rules:seniority") == "rules.0"
    assert acts.act(data, "add:rules") == "rules.1"
    assert [rule["code"] for rule in data["rules"]] == ["seniority", "rule"]
    acts.act(data, "up:rules.1")
    assert [rule["code"] for rule in data["rules"]] == ["rule", "seniority"]
    acts.act(data, "wrap:rules.1.check:any")
    acts.act(data, "begin:rules.1.check.any")
    acts.act(data, "begin:rules.1.check.any:rule")
    acts.act(data, "wrap:rules.1.check.any.0:not")
    check = data["rules"][1]["check"]
    assert list(check) == ["any"]
    assert len(check["any"]) == 4
    assert check["any"][0] == {"not": PRESETS["seniority"]["check"]}
    acts.act(data, "unwrap:rules.1.check.any.0")
    acts.act(data, "turn:rules.1.check")
    for _ in range(3):
        acts.act(data, "drop:rules.1.check.all.1")
    acts.act(data, "unwrap:rules.1.check")
    assert data["rules"][1]["check"] == PRESETS["seniority"]["check"]
    acts.act(data, "begin:rules.1.when")
    assert data["rules"][1]["when"] == conditions.BLANK
    acts.act(data, "drop:rules.1.when")
    assert "when" not in data["rules"][1]
    acts.act(data, "drop:rules.0")
    assert [rule["code"] for rule in data["rules"]] == ["seniority"]


def test_groups_in_groups_stop_before_the_reader_does() -> None:
    data: dict[str, Any] = {"rules": [{"check": {"fact": "members.count", "at_least": 1}}]}
    for _ in range(12):
        acts.act(data, "wrap:rules.0.check:not")
        acts.act(data, "wrap:rules.0.check.not.not.not.not.not.not.not:not")
    assert data_of(dump(data)) == data


@pytest.mark.parametrize("code", PRESETS)
def test_ready_rules_are_valid(code: str) -> None:
    for province in ("09.001", "09.581"):
        data = new_call("essai", province, issuer_of(province, None), date(2026, 2, 1))
        rule = new_item("rules", code, data)
        assert from_json(data | {"rules": [rule]}).rules[0].code == code


def test_another_fact_asks_for_another_value() -> None:
    """Changing the fact, then the operator, keeps what still makes sense and empties the rest."""
    name = "rules.0.check"
    raw = {"fact": "members.count", "at_least": 5}
    shown = conditions.show(name, raw)
    same_sort = conditions.read(shown | {f"{name}.fact": "members.women"}, name, raw)
    assert same_sort == {"fact": "members.women", "at_least": 5}
    other = conditions.read(shown | {f"{name}.fact": "organisation.created_on"}, name, raw)
    assert other == {"fact": "organisation.created_on", "before": ""}
    between = conditions.read(shown | {f"{name}.op": "between"}, name, raw)
    assert between == {"fact": "members.count", "between": [5, ""]}
    share = conditions.read(shown | {f"{name}.v.mode": "share"}, name, raw)
    assert share == {"fact": "members.count", "at_least": {"share": "", "of": "organisation.times_financed"}}
    by = conditions.read(shown | {f"{name}.v.mode": "by"}, name, raw)
    assert by == {
        "fact": "members.count",
        "at_least": {"by": {"fact": "organisation.legal_form", "values": {}}},
    }
    row = conditions.show(name, by) | {f"{name}.v.case.gie.text": "7", f"{name}.v.otherwise.text": "9"}
    told = conditions.read(row, name, by)
    assert told["at_least"]["by"] == {"fact": "organisation.legal_form", "values": {"gie": 7}, "otherwise": 9}
    choice = {"fact": "project.sector", "is": "crafts"}
    listed = conditions.read(conditions.show(name, choice) | {f"{name}.op": "one_of"}, name, choice)
    assert listed == {"fact": "project.sector", "one_of": ["crafts"]}
    back = conditions.read(conditions.show(name, listed) | {f"{name}.op": "is"}, name, listed)
    assert back == choice


def test_ticked_codes_keep_their_order() -> None:
    fields = [field for section in SECTIONS for field in section.fields if field.key == "legal_forms"]
    data: dict[str, Any] = {"legal_forms": ["tpme", "cooperative"]}
    shown = form.show(fields, data)
    form.read(fields, data, shown | {"legal_forms.gie": "1"})
    assert data["legal_forms"] == ["tpme", "cooperative", "gie"]
    form.read(fields, data, {"legal_forms._": "1", "legal_forms.gie": "1"})
    assert data["legal_forms"] == ["gie"]


def test_amounts_are_read_as_they_are_typed() -> None:
    fields = [
        field
        for section in SECTIONS
        for field in section.fields
        if field.key in ("envelope", "caps.indh_share")
    ]
    data: dict[str, Any] = {"envelope": "6 000 000 DH", "caps": {"indh_share": "60 %"}}
    shown = form.show(fields, data)
    assert shown == {"envelope": "6 000 000", "caps.indh_share": "60"}
    form.read(fields, data, {"envelope": "٣٠٠٠", "caps.indh_share": "1/3"})
    assert data == {"envelope": "٣٠٠٠ DH", "caps": {"indh_share": "1/3"}}
    form.read(fields, data, {"envelope": "  ", "caps.indh_share": ""})
    assert data == {"caps": {}}
