"""The rule engine: exact at each limit, three-valued, never raising, told in both languages."""

# ruff: noqa: E501 (a case of a table is read on one line)
from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.calls.rules import (
    CATALOGUE,
    Condition,
    Kind,
    Member,
    Outcome,
    Rule,
    complete,
    evaluate,
    evaluate_all,
    in_words,
    member_facts,
)
from backend.calls.rules.conditions import OPERATORS, facts_of
from backend.calls.rules.derive import age_on, whole_months
from backend.calls.rules.evaluate import both, either, negate
from backend.calls.rules.values import ValueIssue, money_text, ratio_text, read_money, read_ratio
from backend.calls.rules.vocabulary import name
from backend.core.i18n import CODES, has

TITLE = {"fr": "Règle", "ar": "قاعدة"}
P, F, U = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN
MONEY = st.integers(0, 10**12)


def a_rule(check, code="rule", when=None, **more):
    return Rule(
        code=code,
        title=TITLE,
        check=Condition.read(check),
        when=Condition.read(when) if when else None,
        **more,
    )


def outcome(check, facts, **more):
    return evaluate(a_rule(check, **more), facts).outcome


def passes(check, facts):
    return outcome(check, facts) is P


@given(MONEY)
def test_each_comparison_of_money_is_exact_to_the_centime(limit):
    text = money_text(limit)
    expected = {
        "at_most": (True, True, False),
        "less_than": (True, False, False),
        "at_least": (False, True, True),
        "more_than": (False, False, True),
        "equals": (False, True, False),
    }
    for op, results in expected.items():
        check = {"fact": "financing.indh", op: text}
        assert tuple(passes(check, {"financing.indh": limit + step}) for step in (-1, 0, 1)) == results, op


@given(MONEY, MONEY)
def test_between_includes_both_ends(one, other):
    low, high = sorted((one, other))
    check = {"fact": "budget.total", "between": [money_text(low), money_text(high)]}
    around = (low - 1, low, high, high + 1)
    assert [passes(check, {"budget.total": value}) for value in around] == [False, True, True, False]


@given(st.integers(1, 10**10), st.integers(1, 100))
def test_a_share_of_another_fact_is_a_fraction_not_a_float(whole, percent):
    check = {"fact": "financing.indh", "at_most": {"share": f"{percent} %", "of": "budget.investment"}}
    limit = whole * percent // 100
    assert passes(check, {"financing.indh": limit, "budget.investment": whole})
    assert not passes(check, {"financing.indh": limit + 1, "budget.investment": whole})


@given(st.integers(1, 2000), st.integers(0, 2000))
def test_more_than_thirty_percent_of_members(count, women):
    facts = complete({"members.count": count, "members.women_or_youth": min(women, count)})
    enough = min(women, count) * 100 > 30 * count
    assert passes({"fact": "members.women_or_youth_share", "more_than": "30 %"}, facts) is enough


def test_thirty_percent_of_ten_and_of_seven():
    check = {"fact": "members.women_or_youth_share", "more_than": "30 %"}
    at_least = {"fact": "members.women_or_youth_share", "at_least": "30 %"}
    exactly = complete({"members.count": 10, "members.women_or_youth": 3})
    assert outcome(check, exactly) is F
    assert outcome(at_least, exactly) is P
    assert outcome(at_least, complete({"members.count": 7, "members.women_or_youth": 2})) is F
    assert outcome(at_least, complete({"members.count": 7, "members.women_or_youth": 3})) is P


@given(st.integers(0, 500))
def test_members_one_more_or_one_less(limit):
    for step, expected in ((-1, F), (0, P), (1, P)):
        check = {"fact": "members.count", "at_least": limit}
        assert outcome(check, {"members.count": limit + step}) is expected


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_dates_one_day_either_side(limit):
    results = {
        "before": (P, F, F), "on_or_before": (P, P, F), "after": (F, F, P), "on_or_after": (F, P, P),
    }  # fmt: skip
    for op, expected in results.items():
        check = {"fact": "organisation.created_on", op: limit.isoformat()}
        days = [limit + timedelta(days=step) for step in (-1, 0, 1)]
        assert tuple(outcome(check, {"organisation.created_on": day}) for day in days) == expected


def test_active_for_more_than_a_year_on_the_date_that_the_call_names():
    limit = {"fact": "call.reference_date", "minus": "12 months"}
    check = {"fact": "organisation.created_on", "before": limit}
    for created, expected in ((date(2022, 8, 15), P), (date(2022, 8, 16), F), (date(2022, 8, 17), F)):
        facts = {"organisation.created_on": created, "call.reference_date": date(2023, 8, 16)}
        assert outcome(check, facts) is expected


def test_a_date_moved_beyond_the_calendar_is_unknown():
    check = {"fact": "organisation.created_on", "before": {"fact": "call.opens_on", "plus": "99999 months"}}
    assert outcome(check, {"organisation.created_on": date.max, "call.opens_on": date.max}) is U
    check["before"] = {"fact": "call.opens_on", "minus": "90 days"}
    assert outcome(check, {"organisation.created_on": date.min, "call.opens_on": date.min}) is U


@given(st.integers(0, 600))
def test_months_and_years_at_the_limit(n):
    assert passes(
        {"fact": "organisation.age_months", "at_least": f"{n} mois"}, {"organisation.age_months": n}
    )
    assert not passes({"fact": "organisation.age_months", "more_than": n}, {"organisation.age_months": n})
    young = {"fact": "holder.age", "between": ["18 years", "35 years"]}
    assert passes(young, {"holder.age": n}) is (18 <= n <= 35)


def test_choices_sets_and_yes_or_no():
    form = "organisation.legal_form"
    assert outcome({"fact": form, "one_of": ["cooperative", "gie"]}, {form: "gie"}) is P
    assert outcome({"fact": form, "one_of": ["cooperative", "gie"]}, {form: "tpme"}) is F
    assert outcome({"fact": form, "none_of": ["association"]}, {form: "association"}) is F
    assert outcome({"fact": form, "is": "gie"}, {form: "gie"}) is P
    same = {"fact": "organisation.province", "is": {"fact": "call.province"}}
    assert outcome(same, {"organisation.province": "09.001", "call.province": "09.001"}) is P
    assert outcome(same, {"organisation.province": "09.581", "call.province": "09.001"}) is F
    papers = {"documents.present": frozenset({"a", "b"})}
    for op, wanted, expected in (
        ("includes_all", ["a", "b"], P), ("includes_all", ["a", "c"], F), ("includes_any", ["c", "b"], P),
        ("includes_any", ["c"], F), ("includes_none", ["c"], P), ("includes_none", ["c", "a"], F),
    ):  # fmt: skip
        assert outcome({"fact": "documents.present", op: wanted}, papers) is expected
    family = {"fact": "members.one_family", "is": False}
    assert [outcome(family, {"members.one_family": value}) for value in (True, False, None)] == [F, P, U]


@given(MONEY)
def test_a_cap_by_legal_form(asked):
    values = {"cooperative": "300000 DH", "gie": "100000 DH"}
    by = {"fact": "organisation.legal_form", "values": values, "otherwise": "50 000 DH"}
    check = {"fact": "financing.indh", "at_most": {"by": by}}
    for form, limit in (("cooperative", 30_000_000), ("gie", 10_000_000), ("tpme", 5_000_000)):
        facts = {"financing.indh": asked, "organisation.legal_form": form}
        assert passes(check, facts) is (asked <= limit)


def test_a_case_without_value_cannot_be_told():
    by = {"fact": "organisation.legal_form", "values": {"gie": "1 DH"}}
    result = evaluate(
        a_rule({"fact": "financing.indh", "at_most": {"by": by}}),
        {"financing.indh": 1, "organisation.legal_form": "tpme"},
    )
    assert result.outcome is U
    assert result.missing == ()
    assert "la subvention demandée" in result.reason("fr")


# Three-valued logic.

OUTCOMES = st.sampled_from([P, F, U])


@given(OUTCOMES, OUTCOMES, OUTCOMES)
def test_laws_of_kleene(a, b, c):
    assert negate(negate(a)) is a
    assert both([a, b]) is both([b, a])
    assert both([a, both([b, c])]) is both([both([a, b]), c])
    assert negate(both([a, b])) is either([negate(a), negate(b)])
    assert both([a, either([b, c])]) is either([both([a, b]), both([a, c])])
    assert both([a, a]) is a
    assert both([F, a]) is F
    assert either([P, a]) is P
    assert both([P, a]) is a
    assert either([F, a]) is a


def test_kleene_refines_the_truth_of_what_is_missing():
    """Filling a missing fact never turns a pass into a fail, nor a fail into a pass."""
    yes = {"fact": "project.has_premises", "is": True}
    alone = {"fact": "members.one_family", "is": True}
    checks = [{"all": [yes, alone]}, {"any": [yes, {"not": alone}]}, {"not": {"any": [yes, alone]}}]
    for check in checks:
        for one, other in product((None, True, False), repeat=2):
            partial = outcome(check, {"project.has_premises": one, "members.one_family": other})
            if partial is U:
                continue
            for full_one, full_other in product((True, False), repeat=2):
                if one in (None, full_one) and other in (None, full_other):
                    full = {"project.has_premises": full_one, "members.one_family": full_other}
                    assert outcome(check, full) is partial


def test_a_rule_that_does_not_apply_passes_and_says_so():
    rule = a_rule(
        {"fact": "members.women_share", "more_than": "30 %"},
        when={"fact": "organisation.legal_form", "is": "cooperative"},
    )
    not_asked = evaluate(rule, {"organisation.legal_form": "gie"})
    assert (not_asked.outcome, not_asked.applies, not_asked.code) == (P, False, "rule.not_applicable")
    assert not_asked.reason("fr").startswith("Sans objet")
    unknown = evaluate(rule, {"members.women_share": Fraction(1, 10)})
    assert (unknown.outcome, unknown.applies) == (U, None)
    assert unknown.missing == ("organisation.legal_form",)
    either_way = evaluate(rule, {"members.women_share": Fraction(1, 2)})
    assert either_way.outcome is P


def test_rules_may_refer_to_rules():
    small = a_rule({"fact": "members.count", "at_most": 5}, code="small")
    young = a_rule({"fact": "members.youth", "at_least": 1}, code="young", when={"rule": "small"})
    both_rules = (small, young)
    facts = {"members.count": 3, "members.youth": 0}
    assert [one.outcome for one in evaluate_all(both_rules, facts)] == [P, F]
    assert [one.outcome for one in evaluate_all(both_rules, {"members.count": 6})] == [F, P]
    neither = a_rule({"not": {"rule": "young"}}, code="neither")
    assert evaluate(neither, facts, both_rules).outcome is P
    assert "« Règle »" in evaluate(a_rule({"rule": "small"}, code="x"), facts, both_rules).reason(
        "fr"
    ).replace("\u00a0", " ")
    assert evaluate(a_rule({"rule": "absent"}), facts).outcome is U
    assert evaluate(a_rule({"rule": "rule"}), facts).outcome is U


# Words.


def test_reason_in_plain_words_in_both_languages():
    rule = a_rule({"fact": "financing.indh", "at_most": "300 000 DH"})
    result = evaluate(rule, {"financing.indh": 32_000_000})
    french = result.reason("fr").replace("\u00a0", " ")
    assert french == "La subvention demandée à l'INDH, 320 000,00 DH, dépasse le plafond de 300 000,00 DH."
    arabic = result.reason("ar")
    assert "320" in arabic
    assert "درهم" in arabic
    assert result.code == "rule.at_most.fail"
    assert result.refuses
    warned = evaluate(
        a_rule({"fact": "financing.indh", "at_most": "1 DH"}, fails="warn"), {"financing.indh": 200}
    )
    assert not warned.refuses
    assert "avertissement" in in_words(warned.rule, "fr")


def test_a_fraction_of_a_centime_is_rounded_so_that_the_sentence_stays_true():
    share = {"share": "60 %", "of": "budget.investment"}
    result = evaluate(
        a_rule({"fact": "financing.indh", "at_most": share}),
        {"financing.indh": 200_000, "budget.investment": 333_333},
    )
    assert result.outcome is F
    assert "1 999,99 DH (60 % du coût d'investissement)" in result.reason("fr").replace("\u00a0", " ")


def test_reason_tells_only_what_decided():
    check = {"all": [{"fact": "members.count", "at_least": 5}, {"fact": "members.women", "at_least": 1}]}
    reason = evaluate(a_rule(check), {"members.count": 3, "members.women": 2}).reason("fr")
    assert "nombre de membres" in reason
    assert "femmes" not in reason
    none = {"any": check["all"]}
    assert evaluate(a_rule(none), {"members.count": 3, "members.women": 0}).reason("fr").startswith("Aucune")
    assert "Membres" not in evaluate(a_rule(none), {"members.count": 9, "members.women": 0}).reason("fr")


def test_result_as_json_keeps_what_was_read():
    stored = evaluate(
        a_rule({"fact": "members.women_share", "at_least": "30 %"}), {"members.women_share": Fraction(2, 7)}
    ).as_json()
    assert stored["facts"][0]["value"] == "2/7"
    assert stored["facts"][0]["expected"] == ["3/10"]
    assert stored["outcome"] == "fail"
    assert set(stored["reason"]) == {"fr", "ar"}


def test_every_code_has_words_in_both_languages():
    import backend.calls.callfile.summary  # noqa: F401  (registers its codes)

    mine = [one for one in CODES if one.__module__.startswith("backend.calls.")]
    missing = [(lang, code) for one in mine for code in one() for lang in ("fr", "ar") if not has(lang, code)]
    assert mine
    assert not missing


# Never raises, for any facts of the right types.

STRATEGIES = {
    Kind.MONEY: st.integers(-(10**18), 10**18),
    Kind.COUNT: st.integers(-5, 10**9),
    Kind.RATIO: st.fractions(),
    Kind.DATE: st.dates(),
    Kind.MONTHS: st.integers(-(10**4), 10**4),
    Kind.DAYS: st.integers(-(10**6), 10**6),
    Kind.YEARS: st.integers(-10, 200),
    Kind.CHOICE: st.sampled_from(["cooperative", "gie", "09.001", "argan", "inconnu", ""]),
    Kind.SET: st.frozensets(st.sampled_from(["a", "b", "c"])),
    Kind.BOOL: st.booleans(),
}
WRITTEN = {
    Kind.MONEY: "100 DH", Kind.COUNT: 3, Kind.RATIO: "1/3", Kind.DATE: "2023-08-16", Kind.MONTHS: "12 mois",
    Kind.DAYS: "90 jours", Kind.YEARS: "35 ans", Kind.BOOL: True,
}  # fmt: skip
CHOICES = {
    "legal_form": "cooperative", "company_type": "sarl", "sector": "crafts", "chain": "argan", "province": "09.001",
    "commune": "09.001.01.01", "document": "a",
}  # fmt: skip
ANY_FACTS = st.fixed_dictionaries(
    {code: st.none() | STRATEGIES[fact.kind] for code, fact in CATALOGUE.items()}
)


def written(fact, op):
    if fact.kind is Kind.SET or op in ("one_of", "none_of"):
        return [CHOICES[fact.vocabulary]]
    value = CHOICES[fact.vocabulary] if fact.kind is Kind.CHOICE else WRITTEN[fact.kind]
    return [value, value] if op == "between" else value


EVERY_CHECK = [
    {"fact": code, op: written(fact, op)} for code, fact in CATALOGUE.items() for op in OPERATORS[fact.kind]
]


@pytest.fixture(scope="module")
def every_rule():
    return [a_rule(check, code=f"r{i}") for i, check in enumerate(EVERY_CHECK)]


@settings(max_examples=25, deadline=None)
@given(ANY_FACTS)
def test_evaluate_never_raises_and_always_has_words(every_rule, facts):
    for result in evaluate_all(every_rule, facts):
        for lang in ("fr", "ar"):
            text = result.reason(lang)
            assert text.endswith(".")
            assert "{" not in text
            assert "rule." not in text


def test_every_operator_of_every_fact_can_be_said():
    for check in EVERY_CHECK:
        for lang in ("fr", "ar"):
            text = in_words(a_rule(check, when=check), lang)
            assert "{" not in text
            assert "fact." not in text


def test_a_value_of_the_wrong_type_is_a_programming_error():
    check = {"fact": "financing.indh", "at_most": "1 DH"}
    for wrong in (1.5, True, "1"):
        with pytest.raises(TypeError):
            outcome(check, {"financing.indh": wrong})


# Values and derived facts.


@given(MONEY)
def test_money_written_is_read_back(amount):
    assert read_money(money_text(amount)) == amount


@given(st.fractions(0, 2, max_denominator=100_000))
def test_a_share_written_is_read_back(share):
    assert read_ratio(ratio_text(share)) == share


@pytest.mark.parametrize("text", ["60", "60%%", "1/0", "", "abc %", "1e3 %", "-5 %", 60, None])
def test_what_is_not_a_share(text):
    with pytest.raises(ValueIssue):
        read_ratio(text)


def test_arabic_digits_of_money_are_read():
    assert read_money("٣٠٠٠٠٠ درهم") == 30_000_000


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2022, 8, 16), date(2023, 8, 16), 12),
        (date(2022, 8, 17), date(2023, 8, 16), 11),
        (date(2023, 1, 31), date(2023, 2, 28), 0),
        (date(2023, 1, 31), date(2023, 3, 1), 1),
        (date(2023, 3, 1), date(2023, 1, 31), -1),
    ],
)
def test_whole_months(start, end, months):
    assert whole_months(start, end) == months


def test_age_on_the_birthday_and_the_day_before():
    assert age_on(date(1988, 8, 16), date(2023, 8, 15)) == 34
    assert age_on(date(1988, 8, 16), date(2023, 8, 16)) == 35
    assert age_on(date(2004, 2, 29), date(2023, 2, 28)) == 18
    assert age_on(date(2004, 2, 29), date(2023, 3, 1)) == 19


def test_members_counted_on_the_reference_date():
    on = date(2023, 8, 16)
    members = [
        Member(woman=True, birth_year=1960, family="a"),
        Member(woman=False, birth_year=1988, family="b"),  # 34 or 35: the youngest age counts
        Member(woman=False, born_on=date(1988, 8, 16), family="a"),  # 35 today
    ]
    counts = member_facts(members, on, 35)
    assert counts == {
        "members.count": 3, "members.women": 1, "members.youth": 1, "members.women_or_youth": 2, "members.families": 2,
    }  # fmt: skip
    unsure = member_facts([*members, Member(woman=True)], on, 35)
    assert unsure["members.youth"] is None
    assert unsure["members.women_or_youth"] == 3
    assert unsure["members.families"] is None
    assert member_facts([], on, 35)["members.families"] == 0


def test_complete_adds_totals_shares_and_ages_and_keeps_what_was_given():
    facts = complete(
        {
            "budget.total": 100, "budget.investment": 90, "financing.indh": 60, "financing.own_cash": 30,
            "financing.own_in_kind": 10, "financing.partners": 0, "financing.loan": 0, "budget.studies_share": Fraction(1),
            "call.reference_date": date(2023, 8, 16), "organisation.created_on": date(2022, 8, 16),
            "organisation.last_agm_on": date(2023, 7, 1), "members.families": 1, "members.count": 5,
        }
    )  # fmt: skip
    assert facts["financing.total"] == 100
    assert facts["budget.non_investment"] == 10
    assert facts["financing.in_kind_share_of_own"] == Fraction(1, 4)
    assert facts["financing.indh_share_of_investment"] == Fraction(2, 3)
    assert facts["budget.studies_share"] == Fraction(1)
    assert facts["organisation.age_months"] == 12
    assert facts["organisation.age_days"] == 365
    assert facts["organisation.months_since_agm"] == 1
    assert facts["members.one_family"] is True
    assert complete({"members.women": 0, "members.count": 0})["members.women_share"] is None


def test_names_of_codes():
    assert name("legal_form", "gie", "fr") == "GIE"
    assert name("chain", "argan", "ar") == "الأركان"
    assert name("province", "09.581", "fr") == "Tiznit"
    assert name("commune", "09.001.01.01", "fr") == "Agadir"
    assert name("document", "x", "fr") == "x"
    assert name("legal_form", "no", "fr") == "no"


def test_combined_rules_in_plain_words():
    share = {"fact": "financing.in_kind_share_of_own", "at_most": "50 %"}
    moved = {
        "fact": "organisation.created_on",
        "before": {"fact": "call.reference_date", "minus": "12 months"},
    }
    later = {"fact": "call.closes_on", "after": {"fact": "call.opens_on", "plus": "15 days"}}
    by = {"fact": "organisation.legal_form", "values": {"gie": "1 DH"}, "otherwise": "2 DH"}
    cap = {"fact": "financing.indh", "at_most": {"by": by}}
    rule = a_rule({"all": [share, {"any": [moved, later]}, {"not": {"rule": "x"}}, cap, {"any": [share]}]})
    french = in_words(rule, "fr").replace("\u00a0", " ")
    for part in (
        "toutes ces conditions", "au moins une de ces conditions", "12 mois avant la date de référence de l'appel",
        "15 jours après la date d'ouverture", "cette condition ne doit pas être remplie", "la règle « x »",
        "1,00 DH pour « GIE »", "2,00 DH dans les autres cas",
    ):  # fmt: skip
        assert part in french.lower().replace("dh", "DH").replace("gie", "GIE")
    assert "12" in in_words(rule, "ar")


def test_the_code_of_a_reason():
    both_facts = {"all": [{"rule": "a"}, {"rule": "b"}]}
    known = [a_rule({"fact": "members.count", "at_least": 1}, code=code) for code in ("a", "b")]
    assert evaluate(a_rule(both_facts), {"members.count": 3}, known).code == "rule.at_least.pass"
    assert evaluate(
        a_rule({"not": {"fact": "members.one_family", "is": True}}), {"members.one_family": False}
    ).code == ("rule.combined.pass")
    assert evaluate(a_rule({"rule": "a"}), {}).code == "rule.unknown"
    told = evaluate(a_rule({"not": {"fact": "members.one_family", "is": True}}), {"members.one_family": True})
    assert told.reason("fr").startswith("La condition exclue est remplie")
    by_rule = evaluate(a_rule({"rule": "a"}), {"members.count": 0}, known)
    assert "n'est pas respectée" in by_rule.reason("fr")
    assert "est respectée" in evaluate(a_rule({"rule": "a"}), {"members.count": 1}, known).reason("fr")
    assert evaluate(a_rule({"rule": "absent"}), {}).reason("fr").startswith("Impossible")


def test_stored_results_write_dates_and_sets_as_json():
    dated = a_rule({"fact": "organisation.created_on", "before": "2022-08-16"})
    leaf = evaluate(dated, {"organisation.created_on": date(2022, 1, 1)}).as_json()["facts"][0]
    assert (leaf["value"], leaf["expected"]) == ("2022-01-01", ["2022-08-16"])
    papers = a_rule({"fact": "documents.present", "includes_all": ["b", "a"]})
    result = evaluate(papers, {"documents.present": frozenset({"b"})})
    assert result.as_json()["facts"][0]["expected"] == [["a", "b"]]
    assert "il manque : Devis" in result.reason("fr", lambda *_: "Devis").replace("\u00a0", " ")


def test_a_catalogue_by_province_is_checked_by_form():
    condition = Condition.read({"fact": "project.commune", "one_of": ["09.001.01.01"]})
    assert "Agadir" in in_words(Rule(code="c", title=TITLE, check=condition), "fr")


def test_a_cap_by_form_names_the_form_in_its_reason():
    by = {"fact": "organisation.legal_form", "values": {"gie": "100 000 DH"}, "otherwise": "50 000 DH"}
    rule = a_rule({"fact": "financing.indh", "at_most": {"by": by}})
    facts = {"financing.indh": 10_000_001, "organisation.legal_form": "gie"}
    french = evaluate(rule, facts).reason("fr").replace("\u00a0", " ")
    assert french.endswith("100 000,01 DH, dépasse le plafond de 100 000,00 DH pour « GIE ».")
    other = evaluate(rule, facts | {"organisation.legal_form": "tpme"}).reason("fr").replace("\u00a0", " ")
    assert other.endswith("dépasse le plafond de 50 000,00 DH.")


def test_the_facts_that_a_rule_reads():
    by = {
        "fact": "organisation.legal_form",
        "values": {"gie": {"share": "5 %", "of": "budget.total"}},
        "otherwise": "1 DH",
    }
    share = {"fact": "financing.indh", "at_most": {"share": "60 %", "of": "budget.investment"}}
    condition = Condition.read({"all": [share, {"not": {"fact": "budget.studies", "at_most": {"by": by}}}]})
    assert list(facts_of(condition.node)) == [
        "financing.indh", "budget.investment", "budget.studies", "organisation.legal_form", "budget.total",
    ]  # fmt: skip
