"""Call files: the seven published calls, and every way in which a file can be wrong."""

# ruff: noqa: E501 (a case of a table is read on one line)
from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from backend.calls import cli
from backend.calls.callfile import CallFile, CallFileInvalid, from_json, read
from backend.calls.callfile.document import MAX_BYTES, load
from backend.calls.callfile.issues import ISSUE_CODES
from backend.calls.callfile.jsonschema import call_schema, schema_text
from backend.calls.callfile.summary import summary
from backend.calls.rules import CATALOGUE, Outcome, evaluate_all

ROOT = Path(__file__).resolve().parents[2]
CALLS = sorted((ROOT / "calls").glob("*.yaml"))
DEMO = ROOT / "calls" / "agadir-2023.yaml"
BASE = ROOT / "calls"
DEMO_TEXT = DEMO.read_text(encoding="utf-8")
DEMO_JSON = read(DEMO).as_json()


def issues(text):
    with pytest.raises(CallFileInvalid) as caught:
        read(text, base=BASE)
    return caught.value.issues


def changed(old, new, text=DEMO_TEXT):
    assert old in text
    return text.replace(old, new, 1)


def only(text):
    found = issues(text)
    assert len(found) == 1, [issue.line_of_text("fr") for issue in found]
    return found[0]


def line_of(text, part):
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


# The seven calls.


def test_there_are_seven_calls():
    assert {path.stem for path in CALLS} == {
        "agadir-2022", "agadir-2023", "agadir-2026", "chtouka-2026", "khemisset-2024", "marrakech-2018", "tiznit",
    }  # fmt: skip


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_each_call_loads_is_told_in_both_languages_and_survives_storage(path):
    call = read(path)
    assert call.code == path.stem
    assert from_json(json.loads(json.dumps(call.as_json()))) == call
    for lang in ("fr", "ar"):
        text = summary(call, lang)
        assert "{" not in text
        assert not any(f"{prefix}." in text for prefix in ("fact", "call.summary", "callfile", "choice"))
    assert all(value.strip() for value in _translations(call.as_json()))
    Draft202012Validator(call_schema()).validate(load(path.read_bytes(), str(path)).data)


def _translations(data):
    if isinstance(data, dict):
        if set(data) == {"fr", "ar"}:
            assert data["fr"] != data["ar"]
            yield from data.values()
        else:
            for value in data.values():
                yield from _translations(value)
    elif isinstance(data, list):
        for value in data:
            yield from _translations(value)


def test_the_call_of_the_demonstration():
    call = read(DEMO)
    assert call.opens_at == datetime(2023, 8, 15, 23, 0, tzinfo=UTC)
    assert call.closes_at == datetime(2023, 9, 1, 15, 30, tzinfo=UTC)
    assert call.envelope == 600_000_000
    assert call.legal_forms == ("cooperative", "gie", "tpme")
    assert [one.weight for one in call.grid.criteria] == [25, 20, 20, 15, 10, 10]
    assert call.grid.pass_mark == 60
    assert [one.share for one in call.tranches] == [Fraction(2, 5), Fraction(2, 5), Fraction(1, 5)]
    assert [one.days for one in call.coaching.reminders] == [-14, -3, 0, 3, 7, 15, 30]
    assert call.follow_up.months == (6, 12, 24, 36, 60)
    assert {"closes_at", "grid", "envelope"} <= set(call.assumed)
    assert call.facts()["call.opens_on"] == date(2023, 8, 16)
    assert "legal-file" in call.required_documents("gie")
    assert "other" not in call.required_documents("gie")
    assert call.namer("document", "quotes", "fr") == "Devis des investissements"
    assert call.namer("chain", "argan", "fr") is None


GOOD = {
    "organisation.legal_form": "cooperative", "organisation.province": "09.001", "project.sector": "crafts",
    "project.chain_is_priority": True, "budget.total": 50_000_000, "budget.investment": 50_000_000,
    "financing.indh": 30_000_000, "financing.own_cash": 10_000_000, "financing.own_in_kind": 10_000_000,
    "financing.partners": 0, "financing.loan": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("legal_form", {"organisation.legal_form": "association"}),
        ("territory", {"organisation.province": "09.581"}),
        ("sector", {"project.sector": "fishing"}),
        ("chain", {"project.chain_is_priority": False}),
        ("balance", {"financing.loan": 1}),
        ("investment_only", {"budget.total": 50_000_001, "financing.loan": 1}),
        ("indh_amount", {"budget.total": 50_000_002, "budget.investment": 50_000_002, "financing.indh": 30_000_001,
                         "financing.own_cash": 10_000_001}),
        ("indh_share", {"budget.total": 49_999_999, "budget.investment": 49_999_999, "financing.own_in_kind": 9_999_999}),
        ("in_kind_share", {"financing.own_cash": 9_999_999, "financing.own_in_kind": 10_000_001}),
    ],
)  # fmt: skip
def test_each_rule_of_the_demo_call_refuses_alone_one_centime_beyond(rule, change):
    call = read(DEMO)
    rules = call.every_rule()
    assert all(one.outcome is Outcome.PASS for one in evaluate_all(rules, {**GOOD, **call.facts()}))
    failed = [one.rule.code for one in evaluate_all(rules, {**GOOD, **change}) if one.refuses]
    assert failed == [rule]


def test_caps_of_tiznit_depend_on_the_legal_form():
    call = read(BASE / "tiznit.yaml")
    for form, limit in (("cooperative", 30_000_000), ("gie", 10_000_000), ("tpme", 10_000_000)):
        for asked, outcome in ((limit, Outcome.PASS), (limit + 1, Outcome.FAIL)):
            facts = {"organisation.legal_form": form, "financing.indh": asked}
            found = {one.rule.code: one.outcome for one in evaluate_all(call.every_rule(), facts)}
            assert found["indh_amount"] is outcome


def test_the_window_of_chtouka_crosses_the_change_of_clock():
    call = read(BASE / "chtouka-2026.yaml")
    assert call.opens_at == datetime(2026, 2, 9, 23, 0, tzinfo=UTC)  # UTC+1 before Ramadan
    assert call.closes_at == datetime(2026, 3, 10, 16, 30, tzinfo=UTC)  # UTC+0 during Ramadan


# Rules written in a file.

RULES = """
rules:
  - code: mine
    title: {{fr: Règle, ar: قاعدة}}
    check: {check}
"""


def with_check(check, more=""):
    return DEMO_TEXT + RULES.format(check=check) + more


@pytest.mark.parametrize(
    ("check", "code", "first_allowed"),
    [
        ("{fact: financing.indhh, at_most: 1 DH}", "unknown_fact", "financing.indh"),
        ("{fact: financing.indh, at_mots: 1 DH}", "unknown_operator", "at_most"),
        ("{fact: financing.indh, <=: 1 DH}", "unknown_operator", "at_most"),
        ("{fact: financing.indh, before: 2023-01-01}", "operator_type", "at_least"),
        ("{fact: organisation.legal_form, at_most: 3}", "operator_type", "is"),
        ("{fact: financing.indh}", "no_operator", "at_least"),
        ("{fact: members.count, at_least: 1, at_most: 2}", "two_operators", None),
        ("{fact: financing.indh, at_most: 300000}", "value_money", "300 000 DH"),
        ("{fact: financing.indh, at_most: 1.5}", "value_money", "300 000 DH"),
        ("{fact: financing.indh, at_most: 1.234 DH}", "value_money", "300 000 DH"),
        ("{fact: members.women_share, at_least: 30}", "value_ratio", "60 %"),
        ("{fact: members.count, at_least: 3.5}", "value_count", "7"),
        ("{fact: members.count, at_least: true}", "value_count", "7"),
        ("{fact: organisation.age_months, at_least: 3 siècles}", "value_length", "12 months"),
        ("{fact: organisation.created_on, before: 2023-02-30}", "value_date", "2023-08-16"),
        ("{fact: members.one_family, is: peut-être}", "value_bool", "true"),
        ("{fact: organisation.legal_form, is: coopérative}", "value_choice", "cooperative"),
        ("{fact: organisation.legal_form, one_of: gie}", "list_expected", None),
        ("{fact: organisation.legal_form, one_of: []}", "list_expected", None),
        ("{fact: organisation.legal_form, one_of: [gie, gie]}", "duplicate", None),
        ("{fact: organisation.legal_form, one_of: [gie, cooperativ]}", "value_choice", "cooperative"),
        ("{fact: documents.present, includes_all: [3]}", "value_choice", None),
        ("{fact: members.count, between: [1]}", "between_two", None),
        ("{fact: members.count, between: [9, 1]}", "between_order", None),
        ("{fact: financing.indh, at_most: {share: 60, of: budget.total}}", "value_ratio", "60 %"),
        ("{fact: financing.indh, at_most: {share: 60 %, of: members.count}}", "fact_type", None),
        ("{fact: financing.indh, at_most: {share: 60 %, of: budget.totale}}", "unknown_fact", "budget.total"),
        ("{fact: financing.indh, at_most: {of: budget.total}}", "missing_field", None),
        ("{fact: financing.indh, at_most: {}}", "missing_field", None),
        ("{fact: financing.indh, at_most: {fact: budget.total, minus: 2 DH}}", "unknown_field", "fact"),
        ("{fact: organisation.created_on, before: {fact: call.opens_on, minus: 12}}", "value_length", "12 months"),
        ("{fact: organisation.age_months, at_least: {share: 50 %, of: organisation.age_months}}", "share_type", None),
        ("{fact: financing.indh, at_most: {by: 3}}", "mapping_expected", "fact"),
        ("{fact: financing.indh, at_most: {by: {fact: organisation.legal_form}}}", "missing_field", None),
        ("{fact: financing.indh, at_most: {by: {fact: organisation.legal_form, values: {}}}}", "mapping_expected", None),
        ("{fact: financing.indh, at_most: {by: {fact: members.count, values: {gie: 1 DH}}}}", "fact_type", None),
        ("{fact: financing.indh, at_most: {by: {fact: organisation.legal_form, values: {gi: 1 DH}}}}", "value_choice", "gie"),
        ("{fact: financing.indh, at_most: {by: {fact: organisation.legal_form, values: {gie: 1 DH}, other: 2 DH}}}",
         "unknown_field", "otherwise"),
        ("{fact: financing.indh, at_most: {by: {fact: organisation.legal_form, values: {gie: 1 DH}}, x: 1}}",
         "unknown_field", "by"),
        ("{and: []}", "unknown_condition", "all"),
        ("{all: []}", "list_expected", None),
        ("{all: 3}", "list_expected", None),
        ("{rule: 3}", "text", None),
        ("{rule: mineur}", "unknown_rule", "mine"),
        ("{rule: mine}", "rule_cycle", None),
        ("{not: {fact: members.count, at_least: 1}, any: []}", "condition_two_heads", None),
        ("{not: {fact: members.count, at_least: 1}, x: 1}", "unknown_field", "not"),
        ("{}", "condition_shape", "fact"),
        ("3", "condition_shape", "fact"),
        ("{not: " * 14 + "{rule: sector}" + "}" * 14, "too_deep", None),
    ],
)  # fmt: skip
def test_a_wrong_condition_says_where_and_what_is_allowed(check, code, first_allowed):
    text = with_check(check)
    found = [issue for issue in issues(text) if issue.code == code]
    assert found, [issue.line_of_text("fr") for issue in issues(text)]
    issue = found[0]
    assert issue.line in (line_of(text, "check:"), line_of(text, "code: mine"))
    assert issue.path.startswith("rules[0]")
    if first_allowed:
        assert issue.allowed[0] == first_allowed
    for lang in ("fr", "ar"):
        text = issue.line_of_text(lang)
        assert "callfile." not in text
        assert "{" not in issue.message(lang).replace("{…}", "").replace("{}", "")


def test_rules_that_refer_to_each_other():
    more = "  - {code: other, title: {fr: A, ar: ب}, check: {all: [{rule: mine}]}}\n"
    found = issues(with_check("{not: {rule: other}}", more))
    assert {issue.code for issue in found} == {"rule_cycle"}
    assert found[0].params["value"] == "mine → other → mine"


@pytest.mark.parametrize(
    ("check", "more"),
    [
        ("{all: [{fact: members.count, at_least: 7}, {fact: members.count, at_most: 6}]}", ""),
        ("{all: [{fact: members.count, more_than: 6}, {fact: members.count, less_than: 7}]}", ""),
        ("{all: [{fact: members.count, more_than: 6}, {fact: members.count, at_most: 6}]}", ""),
        ("{all: [{fact: members.count, equals: 6}, {fact: members.count, between: [7, 9]}]}", ""),
        ("{all: [{fact: members.one_family, is: true}, {fact: members.one_family, is: false}]}", ""),
        ("{fact: organisation.legal_form, none_of: [cooperative, gie, tpme]}", ""),
        ("{fact: organisation.legal_form, is: association}", ""),
        ("{fact: financing.indh, more_than: 300 000 DH}", ""),
    ],
)
def test_rules_that_no_application_can_meet(check, more):
    assert only(with_check(check, more)).code == "rules_contradict"


def test_rules_that_can_be_met_together():
    check = "{all: [{fact: members.count, at_least: 7}, {fact: members.count, at_most: 7}]}"
    assert read(with_check(check), base=BASE).rules[0].code == "mine"
    dates = "{fact: organisation.created_on, between: [2000-01-01, 2022-08-16]}"
    assert read(with_check(dates), base=BASE)


# Fields.


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("closes_at: 2023-09-01 16:30", "closes_at: 2023-08-16 00:00", "window_order", "closes_at"),
        ("closes_at: 2023-09-01 16:30", "closes_at: 2023-09-01", "local_time", "closes_at"),
        ("closes_at: 2023-09-01 16:30", "closes_at: 2023-09-01 25:30", "local_time", "closes_at"),
        ("reference_date: 2023-08-16", "reference_date: hier", "date", "reference_date"),
        ('province: "09.001"', 'province: "09.999"', "province", "province"),
        ('province: "09.001"', "province: 9.001", "province", "province"),
        ("indh_amount: 300 000 DH", "indh_amount: 300000", "value_money", "caps.indh_amount"),
        ("indh_amount: 300 000 DH", "indh_amount: 7 000 000 DH", "cap_over_envelope", "caps.indh_amount"),
        ("indh_share: 60 %", "indh_share: 0.6", "ratio", "caps.indh_share"),
        ("indh_share: 60 %", "indh_share: 160 %", "too_big", "caps.indh_share"),
        ("indh_share: 60 %", "indh_share: 0 %", "too_small", "caps.indh_share"),
        ("indh_share: 60 %", "indh_share: 60 %\n  indh_minimum: 400 000 DH", "caps_contradict", "caps.indh_minimum"),
        ("indh_share: 60 %", "indh_share: 60 %\n  studies_share: 5 %", "caps_contradict", "caps.studies_share"),
        ("indh_share: 60 %", "indh_share: 60 %\n  own_share: 100 %", "caps_contradict", "caps.own_share"),
        ("investment_only: true", "investment_only: oui", "bool", "caps.investment_only"),
        ("indh_share_of: budget.investment", "indh_share_of: investment", "choice", "caps.indh_share_of"),
        ("legal_forms: [cooperative, gie, tpme]", "legal_forms: [cooperative, gie, gie]", "duplicate", "legal_forms[2]"),
        ("legal_forms: [cooperative, gie, tpme]", "legal_forms: [cooperatives]", "value_choice", "legal_forms[0]"),
        ("legal_forms: [cooperative, gie, tpme]", "legal_forms: []", "too_short", "legal_forms"),
        ("legal_forms: [cooperative, gie, tpme]", "legal_forms: cooperative", "list_expected", "legal_forms"),
        ("chains: priority", "chains: prioritaires", "value_choice", "chains"),
        ("chains: priority", "chains: [arganier]", "value_choice", "chains"),
        ("chains: priority", "chains: [small-scale-fishing]", "sector_of_chain", "chains[0]"),
        ("chains: priority", "chains: [argan, argan]", "duplicate", "chains[1]"),
        ("sectors: [agriculture, crafts, services, tourism]", "sectors: tout", "value_choice", "sectors"),
        ("sectors: [agriculture, crafts, services, tourism]", "communes: [09.581.01.01]\nsectors: any", "value_choice",
         "communes[0]"),
        ("sectors: [agriculture, crafts, services, tourism]", "communes: [x]\nsectors: any", "value_choice", "communes[0]"),
        ("code: agadir-2023", "code: Agadir 2023", "code_form", "code"),
        ("code: agadir-2023", "code: 2023", "text", "code"),
        ("format: 1", "format: 2", "choice", "format"),
        ("committee: cpdh", "committee: cndh", "choice", "issuer.committee"),
        ("  - opens_at ", "  - opens_att ", "unknown_path", "assumed[0]"),
        ("  - opens_at ", "  - rules.mine ", "unknown_path", "assumed[0]"),
        ("  - opens_at ", "  - code.x ", "unknown_path", "assumed[0]"),
        ("extends: common/demo.yaml", "extends: common/demos.yaml", "extends_missing", "extends"),
        ("extends: common/demo.yaml", "extends: ../pyproject.toml", "extends_outside", "extends"),
        ("extends: common/demo.yaml", "extends: /etc/passwd", "extends_outside", "extends"),
        ("extends: common/demo.yaml", "extends: 3", "text", "extends"),
        ("extends: common/demo.yaml", "extends: agadir-2022.yaml", "extends_twice", "extends"),
        ("chains: priority", "chains: priority\nappeal_days: 0", "too_small", "appeal_days"),
        ("chains: priority", "chains: priority\nappeal_days: 1.5", "number", "appeal_days"),
        ("chains: priority", "chains: priority\nincomplete: {then: one_request}", "working_days", "incomplete"),
        ("chains: priority", "chains: priority\nincomplete: {then: refuse, working_days: 5}", "working_days_unused",
         "incomplete.working_days"),
        ("chains: priority", "chains: priority\nfollow_up: {months: [6, 6]}", "not_increasing", "follow_up.months[1]"),
        ("chains: priority", "chains: priority\ncoaching: 3", "mapping_expected", "coaching"),
        ("  - name: Avis", "  - url: ftp://x\n    name: Avis", "url", "sources[0].url"),
    ],
)  # fmt: skip
def test_a_wrong_field_says_where(old, new, code, path):
    text = changed(old, new)
    found = issues(text)
    assert [issue.code for issue in found] == [code], [issue.line_of_text("fr") for issue in found]
    assert found[0].path == path
    for lang in ("fr", "ar"):
        assert "callfile." not in found[0].line_of_text(lang)
    assert json.dumps(found[0].as_json())


def test_a_missing_field_an_unknown_one_and_a_missing_translation():
    text = changed("closes_at: 2023-09-01 16:30\n", "close_at: 2023-09-01 16:30\n")
    found = {issue.code: issue for issue in issues(text)}
    assert set(found) == {"missing_field", "unknown_field"}
    assert found["unknown_field"].line == line_of(text, "close_at:")
    assert found["unknown_field"].allowed[0] == "closes_at"
    text = changed('  ar: "طلب مشاريع 2023: الاقتصاد الاجتماعي والتضامني، عمالة أكادير إدا وتنان"\n', "")
    issue = only(text)
    assert (issue.code, issue.path, issue.line) == (
        "missing_translation",
        "title.ar",
        line_of(text, "title:"),
    )
    unknown = only(changed("  territory: {fr: la préf", "  territory: {en: x, fr: la préf"))
    assert unknown.allowed == ("fr", "ar")


def test_an_empty_translation_is_refused():
    text = changed(
        "  fr: Aide à la création de coopératives et de TPME à fort impact ; aide aux labels et à la certification de qualité.",
        "  fr: ' '",
    )
    assert only(text).code == "too_short"


def with_part(**parts):
    """The demo call as plain data, with top-level parts changed by functions."""
    data = json.loads(json.dumps(DEMO_JSON))
    for name, change in parts.items():
        change(data[name])
    return data


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        ("grid", lambda grid: grid["criteria"][0].update(weight=24), "sum_weights"),
        ("grid", lambda grid: grid["criteria"][0]["levels"].pop(), "levels_count"),
        ("grid", lambda grid: grid["criteria"][0].update(floor=5), "floor_too_high"),
        ("grid", lambda grid: grid["criteria"][0].update(code="viability"), "duplicate"),
        ("grid", lambda grid: grid["tie_break"].append("impac"), "tie_break_unknown"),
        ("grid", lambda grid: grid["tie_break"].append("impact"), "duplicate"),
        ("grid", lambda grid: grid["sections"].append(dict(grid["sections"][0])), "duplicate"),
        ("grid", lambda grid: grid["criteria"][0].pop("section"), "section_missing"),
        ("grid", lambda grid: grid["criteria"][0].update(section="result"), "section_unknown"),
        ("grid", lambda grid: grid.pop("sections"), "section_unknown"),
        ("grid", lambda grid: [one.update(section="results") for one in grid["criteria"]], "section_empty"),
        ("tranches", lambda tranches: tranches.pop(), "sum_tranches"),
        (
            "tranches",
            lambda tranches: tranches[0].update(share="80 %") or tranches[1].update(share="0 %"),
            "too_small",
        ),
        ("tranches", lambda tranches: tranches[0].update(code="completion"), "duplicate"),
        ("documents", lambda documents: documents[0].update(code="quotes"), "duplicate"),
        ("documents", lambda documents: documents[0].update(only_for=["association"]), "document_form"),
        ("coaching", lambda coaching: coaching["milestones"][0].update(after_months=25), "milestone_late"),
        ("coaching", lambda coaching: coaching["milestones"][0].update(code="autonomy-review"), "duplicate"),
        ("coaching", lambda coaching: coaching["reminders"][0].update(days=-3), "duplicate"),
        ("coaching", lambda coaching: coaching["reminders"][0].update(to=["das", "das"]), "duplicate"),
        ("coaching", lambda coaching: coaching["reminders"][0].update(to=["maire"]), "choice"),
    ],
)
def test_parts_that_do_not_agree(part, change, code):
    data = with_part(**{part: change})
    with pytest.raises(CallFileInvalid) as caught:
        from_json(data)
    codes = {issue.code for issue in caught.value.issues}
    assert code in codes
    assert codes <= {code, "tie_break_unknown"}
    assert caught.value.issues[0].line == 0
    assert "<json>:" in caught.value.text("fr")


def test_a_cap_by_form_must_cover_the_forms_of_the_call():
    by = "{by: {fact: organisation.legal_form, values: {cooperative: 300 000 DH, gie: 1 DH}}}"
    issue = only(changed("indh_amount: 300 000 DH", f"indh_amount: {by}"))
    assert (issue.code, issue.params["value"]) == ("cap_case_missing", "tpme")


def test_a_reserved_code_is_refused():
    text = with_check("{fact: members.count, at_least: 5}").replace("code: mine", "code: sector")
    assert only(text).code == "reserved_code"


def test_two_rules_with_one_code():
    text = (
        with_check("{fact: members.count, at_least: 5}")
        + "  - {code: mine, title: {fr: A, ar: ب}, check: {rule: sector}}\n"
    )
    assert only(text).code == "duplicate"


def test_a_fault_of_the_extended_file_names_that_file(tmp_path):
    (tmp_path / "common").mkdir()
    shared = (BASE / "common" / "demo.yaml").read_text(encoding="utf-8")
    (tmp_path / "common" / "demo.yaml").write_text(
        shared.replace("weight: 25", "weight: 26"), encoding="utf-8"
    )
    (tmp_path / "call.yaml").write_text(DEMO_TEXT, encoding="utf-8")
    with pytest.raises(CallFileInvalid) as caught:
        read(tmp_path / "call.yaml")
    assert caught.value.issues[0].file == str(tmp_path / "common" / "demo.yaml")
    assert caught.value.issues[0].line > 1


def test_text_without_a_folder_cannot_extend():
    with pytest.raises(CallFileInvalid) as caught:
        read(DEMO_TEXT)
    assert caught.value.issues[0].code == "extends_no_base"


# Hostile and broken files.

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "empty"),
        ("\n  \n# rien\n", "empty"),
        ("---\n...\n", "empty"),
        ("- a\n- b\n", "not_a_mapping"),
        ("juste du texte", "not_a_mapping"),
        ("a: [1, 2\nb: 3\n", "syntax"),
        ("a: 'non fermé\n", "syntax"),
        ("a: 1\n\tb: 2\n", "syntax"),
        ("a: 1\na: 2\n", "duplicate_key"),
        ("a: {b: 1, b: 2}\n", "duplicate_key"),
        ("? [a, b]\n: 1\n", "key_not_text"),
        ("&x a: 1\n*x : 2\n", "alias_unknown"),
        ("a: &x b\n*x : 2\n", "key_not_text"),
        ("a: !!python/object:os.system x\n", "tag"),
        ("a: !!binary aGk=\n", "tag"),
        ("a: 1\n---\nb: 2\n", "several_documents"),
        ("a: *inconnu\n", "alias_unknown"),
        ("a: &a [*a]\n", "alias_recursive"),
        (LAUGHS, "too_many"),
        ("a: " + "[" * 5000, "too_deep"),
        ("a:\n" + "".join(" " * i + "- \n" for i in range(1, 60)), "too_deep"),
        ("x: " + "y" * MAX_BYTES, "too_large"),
        (b"\xff\xfe\x00\x01", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ("a: \0", "binary"),
        ("a: \u202etxt", "bad_character"),
        ('a: "\\u202e"', "bad_character"),
        ('"\\u202e": 1', "bad_character"),
        ('a: "\\ud800"', "bad_character"),
        ("%YAML 9.9\n---\na: 1\n", None),
        ("%TAG ! x\n---\na: 1\n", None),
        ('a: "\\xZZ"\n', "syntax"),
        ('a: "\\UFFFFFFFF"\n', None),
        ("a: 123456789012345678901234567890\n", "unknown_field"),
        ("<<: {a: 1}\n", "unknown_field"),
        ("a: !<tag:yaml.org,2002:int> 3\n", "tag"),
    ],
)
def test_a_broken_file_is_a_list_of_issues_never_a_traceback(source, code):
    with pytest.raises(CallFileInvalid) as caught:
        read(source, base=BASE)
    codes = {issue.code for issue in caught.value.issues}
    assert code is None or code in codes
    assert codes <= set(ISSUE_CODES)
    for lang in ("fr", "ar"):
        text = caught.value.text(lang)
        assert "callfile." not in text
        assert len(text.splitlines()) == len(caught.value.issues)


def test_many_faults_are_bounded():
    text = "".join("a: 1\n" for _ in range(500))
    assert len(issues(text)) == 100


def test_a_byte_order_mark_is_read():
    assert read(b"\xef\xbb\xbf" + DEMO_TEXT.encode(), base=BASE).code == "agadir-2023"


def test_aliases_within_bounds_are_read():
    text = changed("legal_forms: [cooperative, gie, tpme]", "legal_forms: &forms [cooperative, gie, tpme]")
    text = text + "documents: [{code: a, label: {fr: A, ar: ب}, only_for: *forms}]\n"
    assert read(text, base=BASE).documents[0].only_for == ("cooperative", "gie", "tpme")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300) | st.binary(max_size=300))
def test_no_text_raises_anything_else(source):
    with pytest.raises(CallFileInvalid) as caught:
        read(source)
    assert caught.value.issues


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_call_is_read_or_refused(data):
    start = data.draw(st.integers(0, len(DEMO_TEXT) - 1))
    length = data.draw(st.integers(0, 40))
    piece = data.draw(
        st.sampled_from(["", "{", "]", ": ", "\n- ", "&a ", "*a", "!!x ", "\t", "'", "0", "%", "|", "> "])
    )
    try:
        call = read(DEMO_TEXT[:start] + piece + DEMO_TEXT[start + length :], base=BASE)
    except CallFileInvalid as invalid:
        _ = invalid.text("fr")
    else:
        assert isinstance(call, CallFile)


JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.text(max_size=5)
    | st.sampled_from([*CATALOGUE][:20]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["fact", "all", "any", "not", "rule", "at_most", "is", "by", "of", "share"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JSONISH)
def test_no_condition_raises_anything_else(check):
    data = dict(DEMO_JSON)
    data["rules"] = [{"code": "mine", "title": {"fr": "A", "ar": "ب"}, "check": check}]
    with suppress(CallFileInvalid):
        from_json(data)


# The operator's command and the schema.


def test_check_of_a_good_file_tells_it_in_both_languages(capsys):
    assert cli.main(["check", str(DEMO)]) == 0
    out = capsys.readouterr().out.replace("\u00a0", " ")
    assert "appel valide" in out
    assert "ne doit pas dépasser 60 % du coût d'investissement" in out
    assert "الحد الأقصى" in out


def test_check_tells_what_deserves_a_second_look(tmp_path, capsys):
    path = tmp_path / "late.yaml"
    source = (ROOT / "calls" / "agadir-2023.yaml").read_text(encoding="utf-8")
    path.write_text(source.replace("Appel à projets 2023", "Appel à projets 2019"), encoding="utf-8")
    copytree(ROOT / "calls" / "common", tmp_path / "common")
    assert cli.main(["check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "Points à vérifier avant de publier : 1." in told.replace("\u00a0", " ")
    assert "late.yaml: le titre dit 2019" in told


def test_check_of_a_wrong_file(tmp_path, capsys):
    path = tmp_path / "call.yaml"
    path.write_text("titre: x\n", encoding="utf-8")
    assert cli.main(["check", str(path)]) == 1
    err = capsys.readouterr().err.replace("\u00a0", " ")
    assert f"{path}:1: champ inconnu « titre ». [titre] Permis : title," in err
    assert cli.main(["check", str(path), "--lang", "ar"]) == 1
    assert "المسموح به" in capsys.readouterr().err


def test_check_of_a_file_that_cannot_be_read(tmp_path, capsys):
    assert cli.main(["check", str(tmp_path / "absent.yaml")]) == 2
    assert cli.main(["check", str(tmp_path)]) == 2
    assert "absent.yaml" in capsys.readouterr().err


def test_the_committed_schema_is_the_generated_one(tmp_path, capsys):
    committed = ROOT / "docs" / "call-file.schema.json"
    assert committed.read_text(encoding="utf-8") == schema_text(), "run ./indh call schema"
    assert cli.main(["schema", str(tmp_path / "schema.json")]) == 0
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == schema_text()
    assert str(tmp_path) in capsys.readouterr().out
    Draft202012Validator.check_schema(call_schema())


@pytest.mark.parametrize(
    ("check", "valid"),
    [
        ({"fact": "financing.indh", "at_most": "1 DH"}, True),
        ({"fact": "financing.indh", "at_most": {"share": "60 %", "of": "budget.total"}}, True),
        ({"fact": "financing.indh", "before": "2023-01-01"}, False),
        ({"fact": "financing.indh"}, False),
        ({"fact": "financing.nothing", "at_most": "1 DH"}, False),
        ({"any": [{"not": {"rule": "a"}}]}, True),
    ],
)
def test_the_schema_knows_facts_and_their_operators(check, valid):
    schema = call_schema()
    validator = Draft202012Validator({"$ref": "#/$defs/Condition", "$defs": schema["$defs"]})
    assert validator.is_valid(check) is valid


def test_the_documentation_lists_every_fact():
    text = (ROOT / "docs" / "call-file.md").read_text(encoding="utf-8")
    assert [code for code in CATALOGUE if f"`{code}`" not in text] == []


def test_load_without_a_database_says_so(monkeypatch, capsys):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert cli.main(["load", str(DEMO)]) == 2
    assert "DATABASE_URL" in capsys.readouterr().err


def test_every_cap_and_field_becomes_a_rule():
    caps = "own_share: 30 %\n  own_cash_share: 10 %\n  indh_minimum: 20 000 DH\n  indh_share_of:"
    text = changed("indh_share_of:", caps).replace(
        "chains: priority", "chains: [argan]\ncommunes: [09.001.01.01]"
    )
    call = read(text, base=BASE)
    codes = [rule.code for rule in call.every_rule()]
    assert codes == [
        "legal_form", "territory", "commune", "sector", "chain", "balance", "investment_only", "indh_amount",
        "indh_minimum", "indh_share", "own_share", "own_cash_share", "in_kind_share",
    ]  # fmt: skip
    assert "Agadir" in summary(call, "fr")


def test_load_keeps_a_draft(world, capsys):
    assert cli.main(["load", str(DEMO)]) == 0, capsys.readouterr()
    assert "agadir-2023" in capsys.readouterr().out
    assert cli.main(["load", str(DEMO)]) == 0


def test_an_assumed_rule_is_named_by_its_code():
    text = with_check("{fact: members.count, at_least: 5}")
    assert read(changed("  - opens_at ", "  - rules.mine ", text), base=BASE).assumed[0] == "rules.mine"
    assert only(changed("  - opens_at ", "  - rules.other ", text)).code == "unknown_path"


def test_an_unknown_field_deep_in_the_file_lists_what_its_part_allows():
    data = with_part(grid=lambda grid: grid["criteria"][0].update(poids=3))
    with pytest.raises(CallFileInvalid) as caught:
        from_json(data)
    assert caught.value.issues[0].path == "grid.criteria[0].poids"
    assert set(caught.value.issues[0].allowed) == {
        "code", "label", "section", "weight", "help", "floor", "feasibility", "levels",
    }  # fmt: skip
