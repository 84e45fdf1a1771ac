"""Sentences: what they say, in both languages, and that every code has words."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import backend.viability as slice_
from backend.core.i18n import LANGUAGES, catalogue, has
from backend.viability import Assumption, Fault, Financing, Investment, Loan, Product, read, study
from backend.viability import words as said
from backend.viability.sentences import sentences

from .given import DH, FULL, OIL, plans
from .test_properties import EXTREMES


def test_every_code_has_words_in_both_languages():
    missing = [(lang, code) for code in said.all_codes() for lang in LANGUAGES if not has(lang, code)]
    assert missing == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_without_use(lang):
    known = {msgid for msgid in catalogue(lang).words if msgid.startswith("viability.")}
    assert known == set(said.all_codes())


def test_every_code_of_the_model_is_listed():
    """Fault and assumption codes, as the source writes them."""
    folder = Path(slice_.__file__).parent
    text = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    faults = re.findall(r'Fault\(\s*"(\w+)"', text["plan.py"] + text["reading.py"])
    assert set(faults) | {"negative_price", "negative_cost", "negative_amount"} == set(said.FAULTS)
    found = study(FULL, draws=0)
    assert {one.key for one in found.figures} == set(said.FIGURES)
    assert {one.key for figure in found.figures for one in figure.inputs} <= set(said.INPUTS)
    assert {one.code for one in read({"financing": {"loan_centimes": 1}}).assumptions} <= set(
        said.ASSUMPTIONS
    )


def texts(plan, lang="fr", **asked):
    found = study(plan, **asked)
    return {one.code: (one.severity, said.say(one, lang, plan.terms.start_month)) for one in sentences(found)}


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_sentence_of_the_brief():
    """Selling late: the cash goes below zero in a month that is named, and by how much."""
    poor = replace(OIL, customers_days=45, terms=replace(OIL.terms, start_month=3))
    severity, text = texts(poor, draws=0)["cash_negative_later"]
    assert severity == "serious"
    assert plain(text) == (
        "La trésorerie devient négative en mars de la 1re année ; au plus bas, en avril de la 1re année, "
        "il manquerait 12 000 DH."
    )
    arabic = texts(poor, "ar", draws=0)["cash_negative_later"][1]
    assert plain(arabic) == (
        "تصبح السيولة سالبة في مارس من السنة الأولى؛ وفي أدنى مستوى لها، في أبريل من السنة الأولى، "
        "سينقص \u206612 000\u2069 درهم."
    )
    once = replace(OIL, financing=replace(OIL.financing, own_cash=0))
    assert plain(texts(once, draws=0)["cash_negative"][1]) == (
        "La trésorerie devient négative au départ : il manquerait 24 000 DH."
    )


CASES = {
    "cash_negative": replace(OIL, financing=replace(OIL.financing, own_cash=0)),
    "cash_negative_later": replace(OIL, customers_days=45),
    "financing_gap": replace(OIL, financing=Financing(grant=36_000 * DH)),
    "working_capital_short": replace(OIL, customers_days=45),
    "working_capital": replace(
        OIL, customers_days=45, financing=replace(OIL.financing, own_cash=60_000 * DH)
    ),
    "cash_thin": OIL,
    "cash_positive": replace(OIL, financing=replace(OIL.financing, own_cash=60_000 * DH)),
    "price_below_cost": replace(OIL, products=(*OIL.products, Product(1, 1, 2, name="Savon"))),
    "no_margin": replace(OIL, products=(Product(1, 1, 2),)),
    "no_sales": replace(OIL, products=(Product(0, 1, 0),)),
    "below_break_even": replace(OIL, wages=5_000 * DH),
    "near_break_even": replace(OIL, wages=1_800 * DH),
    "above_break_even": OIL,
    "worth_less": replace(OIL, wages=3_000 * DH),
    "worth_with_grant": replace(OIL, wages=1_800 * DH),
    "worth_more": OIL,
    "no_rate": replace(OIL, wages=9_000 * DH),
    "several_rates": replace(
        OIL, investments=(Investment(1_000 * DH),), products=(replace(OIL.products[0], growth=-4000),)
    ),
    "never_paid_back": replace(OIL, wages=9_000 * DH),
    "paid_back": OIL,
    "debt_not_covered": replace(OIL, financing=Financing(loan=Loan(60_000 * DH, 800, 24))),
    "debt_barely_covered": replace(OIL, financing=Financing(loan=Loan(60_000 * DH, 800, 48))),
    "debt_covered": replace(OIL, financing=Financing(loan=Loan(10_000 * DH, 800, 48))),
    "loan_beyond_horizon": replace(OIL, financing=Financing(loan=Loan(10_000 * DH, 800, 84))),
    "shock_loses": OIL,
    "shock_holds": replace(OIL, products=(replace(OIL.products[0], price=200 * DH),)),
    "draws": OIL,
    "members_lose": replace(OIL, wages=9_000 * DH, fixed=9_000 * DH),
    "members_earn": OIL,
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CASES)
def test_each_sentence_is_said_when_it_holds(code, lang):
    found = texts(CASES[code], lang)
    assert code in found
    assert "{" not in found[code][1]
    assert "viability." not in found[code][1]


def test_the_cases_are_all_the_sentences():
    assert set(CASES) == set(said.SAYINGS)


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=30)
@given(plan=plans)
def test_any_plan_can_be_told(lang, plan):
    found = study(plan, draws=10)
    told = sentences(found)
    ranks = [one.severity for one in told]
    assert ranks == sorted(ranks, key=("serious", "attention", "good").index)
    for one in told:
        assert "{" not in said.say(one, lang, plan.terms.start_month)
        assert bool(said.advise(one, lang)) == bool(one.advice)
        assert not one.advice or one.fields
    for one in found.figures:
        assert all(not text.startswith("viability.") for text in said.figure(one, lang))


def test_what_nothing_can_worsen_is_not_told():
    still = replace(OIL, products=(Product(0, 1, 0),), fixed=0, wages=0)
    assert not {"shock_loses", "shock_holds"} & set(texts(still, draws=0))


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (1_234_567, "centimes", "12 345,67 DH"),
        (-50, "centimes_a_month", "−0,50 DH"),
        (0.152382, "rate", "15,2 %"),
        (1.406, "ratio", "1,41"),
        (1.3333, "years", "16 mois"),
        (12, "count", "12"),
        (1250, "bp", "12,5 %"),
        (0, "month", "au départ"),
        (14, "month", "en avril de la 2e année"),
    ],
)
def test_a_value_is_written_in_its_unit(number, unit, text):
    assert plain(said.written(number, unit, "fr", 3)) == text
    assert said.written(number, unit, "ar", 3)


def test_every_value_of_the_vastest_plan_can_be_written():
    found = study(EXTREMES["everything vast"], draws=20)
    for one in found.figures:
        for thing in (one, *one.inputs):
            if thing.value is not None:
                assert said.written(thing.value, thing.unit, "ar", 1)
    assert all(said.say(one, "fr", 12) for one in sentences(found))


def test_advice_never_holds_a_number():
    for lang in LANGUAGES:
        for code in said.ADVICE:
            assert not re.search(r"[\d{]", catalogue(lang).words[f"viability.advice.{code}"])


def test_faults_and_assumptions_are_told():
    assert (
        said.fault(Fault("zero_volume", "x"), "fr") == "La quantité vendue par mois doit être d’au moins 1."
    )
    told = {one.code: plain(said.assumption(one, "fr")) for one in read({}).assumptions}
    assert told["discount"] == "Le taux d’actualisation est de 10 % par an."
    assert told["start_month"] == "L’activité commence en janvier."
    assert plain(said.assumption(Assumption("discount", 875, "x"), "fr")).endswith("8,8 % par an.")
    assert said.assumption(Assumption("start_month", 7, "x"), "ar") == "يبدأ النشاط في شهر يوليوز."


def test_sentences_carry_fields_of_the_dossier():
    known = {one.name for one in fields(said.Sentence)}
    assert known == {"code", "severity", "params", "advice", "fields"}
    for plan in CASES.values():
        for one in sentences(study(plan, draws=5)):
            assert all(field.split(".")[0] in {"plan", "budget", "financing"} for field in one.fields)


def test_draws_say_how_often_it_goes_wrong():
    """« 22 in 100 hold » under a warning read as good news: what is counted is the danger."""
    found = study(OIL, draws=200)
    (one,) = (one for one in sentences(found) if one.code == "draws")
    assert found.simulation
    counted = {key: value for key, _, value in one.params}["n"]
    assert counted == 100 - int(found.simulation.solvent * 100)
    assert "devient négative dans" in said.say(one, "fr", 0)
