"""Rules of composition: exact shares, what cannot be told, what an act breaks; words in both languages."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.committees import commands, composition, rules_form, seated, seating_words
from backend.committees.commands import SeatTerms
from backend.committees.composition import Held, Line, Rules, Verdict, report
from backend.committees.models import Breach, College, CommitteeKind, Procedure, Secrecy
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people.models import Sex

TODAY = datetime.now(UTC).date()
BODY = {"fr": "Conseil provincial", "ar": "المجلس الإقليمي"}
WOMEN = Rules.model_validate({"women": {"of": 1, "over": 3}})


def held(women: int, men: int, unknown: int = 0) -> list[Held]:
    sexes = [Sex.WOMAN] * women + [Sex.MAN] * men + [None] * unknown
    return [Held(College.STATE, sex) for sex in sexes]


@pytest.mark.parametrize(
    ("women", "men", "unknown", "strictly", "verdict", "gap"),
    [
        (10, 18, 0, False, Verdict.PASS, 0),
        (9, 19, 0, False, Verdict.FAIL, 1),
        (6, 18, 4, False, Verdict.UNKNOWN, 0),
        (4, 20, 4, False, Verdict.FAIL, 2),
        (10, 20, 0, True, Verdict.FAIL, 1),  # exactly a third is not more than a third
        (10, 20, 0, False, Verdict.PASS, 0),
        (0, 0, 0, False, Verdict.PASS, 0),
    ],
)
def test_shares_are_exact(
    women: int, men: int, unknown: int, strictly: bool, verdict: Verdict, gap: int
) -> None:
    rules = Rules.model_validate({"women": {"of": 1, "over": 3, "strictly": strictly}})
    (line,) = report(rules, held(women, men, unknown), 2026).lines
    assert (line.verdict, line.gap) == (verdict, gap)


@any_of(of=st.integers(0, 20), over=st.integers(1, 20), seats=st.integers(0, 60), strictly=st.booleans())
def test_what_is_needed_is_the_least_that_answers(of: int, over: int, seats: int, strictly: bool) -> None:
    if of > over or (strictly and of == over):
        with pytest.raises(ValidationError):
            composition.ShareIn(of=of, over=over, strictly=strictly)
        return
    needed = composition.ShareIn(of=of, over=over, strictly=strictly).needed(seats)

    def answers(n: int) -> bool:
        return n * over > seats * of if strictly else n * over >= seats * of

    assert answers(needed)
    assert needed == 0 or not answers(needed - 1)


def test_who_turns_that_age_this_year_cannot_be_told() -> None:
    rules = Rules.model_validate({"youth": {"of": 1, "over": 2, "under": 40}})
    young, either, old = (Held(College.STATE, birth_year=year) for year in (1990, 1986, 1980))
    (line,) = report(rules, [young, either], 2026).lines
    assert (line.verdict, line.found, line.borderline) == (Verdict.PASS, 1, 1)
    (line,) = report(rules, [either, old], 2026).lines
    assert (line.verdict, line.needed) == (Verdict.UNKNOWN, 1)
    assert "1 membre atteint 40 ans" in seating_words.mend("fr", line)
    (line,) = report(rules, [old, old], 2026).lines
    assert (line.verdict, line.gap) == (Verdict.FAIL, 1)


def test_colleges_and_alternates() -> None:
    rules = Rules.model_validate(
        {
            "seats": {"least": 2, "most": 3},
            "colleges": {"elected": {"least": 1, "most": 1}, "state": {"most": 1}},
            "alternates": ["state"],
        }
    )
    seats = [Held(College.STATE, has_alternate=True), Held(College.STATE)]
    found = {(line.code, line.college): line for line in report(rules, seats, 2026).lines}
    assert found["seats.least", None].verdict is Verdict.PASS
    assert found["college.least", College.ELECTED].gap == 1
    assert found["college.most", College.STATE].gap == 1
    assert found["alternates", College.STATE].gap == 1


@pytest.mark.parametrize(
    "said",
    [
        {"seats": {"least": 5, "most": 3}},
        {"women": {"of": 4, "over": 3}},
        {"women": {"of": 1, "over": 0}},
        {"youth": {"of": 1, "over": 3}},
        {"seats": {"most": 2}, "colleges": {"state": {"least": 3}}},
        {"colleges": {"friends": {"least": 3}}},
        {"quorum": 3},
    ],
)
def test_impossible_rules_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(said)


def test_every_template_is_sound_and_says_its_source() -> None:
    for kind in CommitteeKind:
        rules = composition.template(kind)
        assert Rules.model_validate(rules.kept()) == rules
        assert rules.source or rules == Rules()


def test_a_form_says_the_same_as_the_file() -> None:
    rules = Rules.model_validate(
        {
            "seats": {"least": 5, "most": 30},
            "women": {"of": 1, "over": 5},
            "youth": {"of": 3, "over": 20, "under": 40, "strictly": True},
            "colleges": {"elected": {"least": 2}},
            "alternates": ["state"],
            "source": {"fr": "Arrêté", "ar": "قرار"},
        }
    )
    assert Rules.model_validate(rules_form.as_rules(rules_form.as_typed(rules))) == rules
    assert rules_form.share_typed("33,3 %", "women") == {"of": 333, "over": 1000}
    for wrong in ("beaucoup", "1/3/2", "-1", "%"):
        with pytest.raises(Problem):
            rules_form.share_typed(wrong, "women")


def set_rules(world: Any, rules: dict[str, Any], breach: Breach = Breach.WARN) -> None:
    with transaction(world.officer) as tx:
        commands.set_composition(tx, world.committee, TODAY, Rules.model_validate(rules), breach)


def add(world: Any, person: str, **more: Any) -> Any:
    terms = SeatTerms(**{"college": College.CIVIL_SOCIETY, "body": BODY, "from_on": TODAY, **more})
    with transaction(world.officer) as tx:
        return commands.add_seat(tx, world.committee, world.people[person].id, terms).id


def said(name: str) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from backend.core.actor import SYSTEM

    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(Event.data).where(Event.name == name).order_by(Event.seq)))


def test_a_breach_is_told_or_refused(world: Any) -> None:
    set_rules(world, {"seats": {"most": 5}})
    seat = add(world, "coach")
    assert said("seat.added")[-1]["breaches"] == ["seats.most"]
    with transaction(world.officer) as tx:
        commands.end_seat(tx, world.committee, seat, TODAY)
    set_rules(world, {"seats": {"most": 6}}, Breach.REFUSE)
    with pytest.raises(Problem) as refusal:
        add(world, "other_coach")
    assert refusal.value.code == "composition_broken"
    set_rules(world, {"seats": {"least": 12}, "women": {"of": 1, "over": 1}}, Breach.REFUSE)
    add(world, "other_coach", sex=Sex.MAN)  # being composed: shares are judged once the seats are there


def test_ending_a_mandate_is_never_refused(world: Any) -> None:
    set_rules(world, {"seats": {"least": 5}}, Breach.REFUSE)
    with transaction(world.officer) as tx:
        commands.end_seat(tx, world.committee, world.seats["third"], TODAY)
    assert said("seat.ended")[-1]["breaches"] == ["seats.least"]


def test_versions_judge_their_own_days(world: Any) -> None:
    with transaction(world.officer) as tx:
        early = date(2024, 1, 1)
        commands.set_composition(tx, world.committee, early, WOMEN, Breach.WARN)
        commands.set_composition(tx, world.committee, TODAY, Rules(), Breach.WARN)
        then = seated.report_on(tx, world.committee, early)
        assert then
        assert then[0].lines[0].verdict is Verdict.UNKNOWN
        now = seated.report_on(tx, world.committee, TODAY)
        assert now
        assert now[0].lines == []
        assert seated.report_on(tx, world.committee, date(2023, 1, 1)) is None
    with pytest.raises(Problem) as refusal, transaction(world.officer) as tx:
        commands.set_composition(tx, world.committee, early, WOMEN, Breach.WARN)
    assert refusal.value.code == "composition_backdated"
    for name in ("stranger", "chair", "holder", "auditor"):
        with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
            commands.set_composition(tx, world.committee, TODAY, WOMEN, Breach.WARN)
        assert refusal.value.status == 403


def test_every_sentence_is_in_both_languages() -> None:
    for code in (*seating_words._COUNTED, *seating_words._MENDS):
        for n in (0, 1, 2, 5, 15, 100):
            line = Line(code, Verdict.FAIL, n, n, n, n, college=College.STATE, under=40)
            for write in (seating_words.rule, seating_words.figures, seating_words.mend):
                if write is seating_words.rule and code in ("women", "youth", "alternates"):
                    continue
                assert write("fr", line)
                assert not re.search("[A-Za-zéèà]", write("ar", line)), (write, code, n)
    for code in ("women", "youth"):
        for strictly in (True, False):
            share = composition.ShareIn(of=1, over=3).exact
            line = Line(code, Verdict.UNKNOWN, 1, 2, 3, 0, 1, 1, None, 40, strictly, share)
            assert "1/3" in seating_words.rule("fr", line)
            words = seating_words.rule("ar", line) + seating_words.mend("ar", line)
            assert not re.search("[A-Za-zéèà]", words)


def procedure(**more: Any) -> Procedure:
    usual: dict[str, Any] = {
        "quorum_of": 1, "quorum_over": 2, "majority_of": 1, "majority_over": 2, "casting_vote": True,
        "notice_days": 0, "second_after_days": None, "second_quorum_of": None, "second_quorum_over": None,
        "proxies": 0, "proxies_count": False, "secrecy": Secrecy.NEVER,
    }  # fmt: skip
    return Procedure(**usual | more)


def test_what_a_version_changes_is_said() -> None:
    from backend.committees.standing_rules import cautions

    before = procedure()
    after = procedure(
        notice_days=7, second_after_days=3, second_quorum_of=2, second_quorum_over=3, proxies=1,
        proxies_count=True, secrecy=Secrecy.ALWAYS, casting_vote=False, majority_of=1, majority_over=3,
    )  # fmt: skip
    told = seating_words.differences("fr", before, after)
    assert [term for term, _, _ in told] == [
        "Délai de convocation", "Seconde convocation", "Procurations", "Majorité", "À égalité", "Scrutin",
    ]  # fmt: skip
    assert seating_words.differences("ar", before, procedure()) == []
    text = " ".join(now for _, now in seating_words.procedure("ar", after))
    assert not re.search("[A-Za-zéèà]", text)
    assert cautions(before) == []
    assert cautions(after) == ["second_quorum_above", "second_before_notice", "majority_below_half"]
    once = procedure(second_after_days=1, secrecy=Secrecy.ON_REQUEST, proxies=2)
    assert "Aucun quorum" in " ".join(now for _, now in seating_words.procedure("fr", once))
