"""What the rules of a call say of the answers: pass, fail or cannot tell, and what is missing to tell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from backend.core.i18n import LANGUAGES, label

from ..callfile import CallFile
from ..rules.evaluate import Outcome
from ..rules.facts import FactValue
from ..rules.model import Result, evaluate_all
from ..rules.words import in_words
from .questions import ELSEWHERE, NOT_ASKED, NOTHING_IS_ZERO, bases, questions


@dataclass(frozen=True)
class Told:
    """One rule: what it asks, what it says of the answers, and the facts still to be answered."""

    rule: str
    title: dict[str, str]
    asks: dict[str, str]
    outcome: Outcome
    applies: bool | None
    refuses: bool
    reason: dict[str, str]
    missing: tuple[str, ...]
    on_papers: bool = False


@dataclass(frozen=True)
class Verdict:
    """The whole: `fail` when a rule that refuses fails, `unknown` when one cannot be told, else `pass`.

    Papers are not asked for: a rule on them alone keeps nobody from being told that she may apply.
    """

    outcome: Outcome
    results: tuple[Told, ...]
    missing: tuple[str, ...]


def verdict(
    file: CallFile, answers: Mapping[str, FactValue | None], priority_chains: Collection[str] = ()
) -> Verdict:
    """Every rule of the call on these answers. `priority_chains`: the province's list in force at closing."""
    facts = _facts(file, answers, priority_chains)
    results = tuple(_told(result, file, answers) for result in evaluate_all(file.every_rule(), facts))
    refusing = [one for one in results if one.refuses]
    if any(one.outcome is Outcome.FAIL for one in refusing):
        outcome = Outcome.FAIL
    elif any(one.outcome is Outcome.UNKNOWN and not one.on_papers for one in refusing):
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.PASS
    missing = {code for one in results for code in one.missing}
    return Verdict(outcome, results, tuple(one.code for one in questions(file) if one.code in missing))


def _facts(
    file: CallFile, answers: Mapping[str, FactValue | None], priority_chains: Collection[str]
) -> dict[str, FactValue | None]:
    facts: dict[str, FactValue | None] = {**file.facts(), **answers}
    if facts.get("budget.total") is not None:
        for code in NOTHING_IS_ZERO:
            facts[code] = facts.get(code) or 0
    chain = facts.get("project.chain")
    if isinstance(chain, str):
        facts["project.chain_is_priority"] = chain in priority_chains
    return facts


def _told(result: Result, file: CallFile, answers: Mapping[str, FactValue | None]) -> Told:
    def namer(vocabulary: str, code: str, lang: str) -> str | None:
        return label(lang, "check.elsewhere") if code == ELSEWHERE else file.namer(vocabulary, code, lang)

    asked = {one.code for one in questions(file)}
    wanted = dict.fromkeys(base for code in result.missing for base in bases(code))
    missing = tuple(
        code for code in wanted if code in asked and answers.get(code) is None and not _is_zero(code, answers)
    )
    return Told(
        rule=result.rule.code,
        title=dict(result.rule.title),
        asks={lang: in_words(result.rule, lang, namer) for lang in LANGUAGES},
        outcome=result.outcome,
        applies=result.applies,
        refuses=result.rule.fails == "refuse",
        reason={lang: result.reason(lang, namer) for lang in LANGUAGES},
        missing=missing,
        on_papers=bool(result.missing) and set(result.missing) <= NOT_ASKED,
    )


def _is_zero(code: str, answers: Mapping[str, FactValue | None]) -> bool:
    return code in NOTHING_IS_ZERO and answers.get("budget.total") is not None
