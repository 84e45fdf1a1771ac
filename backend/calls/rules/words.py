"""Rules and results in plain words, in French and Arabic.

Each operator has four sentences in the gettext files: `rule.<op>.must` (the rule), `.is` (inside
"if …"), `.pass` and `.fail` (a result). They are clauses without a final stop, so that they combine.
"""

from __future__ import annotations

from collections.abc import Iterable

from backend.calls.rules.conditions import (
    ALL_OPERATORS,
    LIST_OPERATORS,
    All,
    Case,
    Compare,
    Literal,
    Node,
    Not,
    Operand,
    Ref,
    RuleRef,
)
from backend.calls.rules.evaluate import Outcome, Trace
from backend.calls.rules.facts import CATALOGUE, Fact, FactValue, Kind
from backend.calls.rules.model import Condition, Result, Rule
from backend.calls.rules.values import isolate, names, percent_words, words
from backend.calls.rules.vocabulary import Namer, name
from backend.core.i18n import codes, localized, ntranslate, translate

_OTHER = (
    "rule.when",
    "rule.warns",
    "rule.not_applicable",
    "rule.unknown",
    "rule.unknown.case",
    "rule.all",
    "rule.any",
    "rule.any.fail",
    "rule.not",
    "rule.not.pass",
    "rule.not.fail",
    "rule.ref",
    "rule.ref.fail",
    "rule.ref.pass",
    "rule.share_of",
    "rule.share_of_amount",
    "rule.before_fact",
    "rule.after_fact",
    "rule.case",
    "rule.otherwise",
    "rule.same_as",
)


@codes
def rule_codes() -> Iterable[str]:
    """Every code of this module that needs words in both languages."""
    yield from _OTHER
    for op in ALL_OPERATORS:
        yield from (f"rule.{op}.{mood}" for mood in ("must", "is", "pass", "fail"))


def in_words(rule: Rule, lang: str, namer: Namer | None = None) -> str:
    """The rule itself as one sentence, for public pages: « La subvention … ne doit pas dépasser … »."""
    writer = _Writer(lang, namer)
    text = writer.clause(rule.check.node, "must")
    if rule.when:
        text = translate(lang, "rule.when", condition=writer.clause(rule.when.node, "is"), rule=text)
    sentence = _sentence(text)
    return sentence if rule.fails == "refuse" else f"{sentence} {translate(lang, 'rule.warns')}"


def condition_in_words(condition: Condition, lang: str, namer: Namer | None = None) -> str:
    """A condition as a state, without a final stop: « la part des femmes … est d'au moins 50 % »."""
    return _Writer(lang, namer).clause(condition.node, "is")


def reason(result: Result, lang: str, namer: Namer | None = None) -> str:
    """Why a rule passed, failed or cannot be told."""
    writer = _Writer(lang, namer, {code: localized(lang, rule.title) for code, rule in result.rules.items()})
    if result.applies is False and result.when:
        condition = writer.clause(result.when.node, "is")
        return _sentence(translate(lang, "rule.not_applicable", condition=condition))
    if result.outcome is Outcome.UNKNOWN:
        return _sentence(writer.unknown(result.missing, result.check))
    return _sentence(writer.told(result.check))


def reason_code(result: Result) -> str:
    """`rule.at_most.fail`, `rule.unknown`, `rule.not_applicable`, or a combinator's code."""
    if result.applies is False:
        return "rule.not_applicable"
    if result.outcome is Outcome.UNKNOWN:
        return "rule.unknown"
    leaf = next((leaf for leaf in result.check.leaves() if leaf.outcome is result.outcome), None)
    if leaf and isinstance(leaf.node, Compare):
        return f"rule.{leaf.node.op}.{result.outcome}"
    return f"rule.combined.{result.outcome}"


def _sentence(clause: str) -> str:
    """First letter in capitals, one final stop."""
    clause = clause.strip()
    return f"{clause[:1].upper()}{clause[1:]}{'' if clause.endswith('.') else '.'}"


def _of(noun: str, lang: str) -> str:
    """« de » before a noun with its article, contracted in French: du coût, de la subvention, de l'apport."""
    if lang == "fr" and noun.startswith("le "):
        return f"du {noun[3:]}"
    if lang == "fr" and noun.startswith("les "):
        return f"des {noun[4:]}"
    return f"de {noun}" if lang == "fr" else noun


class _Writer:
    """Clauses in one language; `titles` are those of the rules that a rule may refer to."""

    def __init__(self, lang: str, namer: Namer | None, titles: dict[str, str] | None = None) -> None:
        self.lang = lang
        self.namer = namer
        self.titles = titles or {}
        self.comma = "؛ " if lang == "ar" else "\u00a0; "

    def clause(self, node: Node, mood: str) -> str:
        """What a condition says, as a demand (`must`) or as a state (`is`)."""
        if isinstance(node, Compare):
            return self._compare(node, mood)
        if isinstance(node, Not):
            return translate(self.lang, "rule.not", condition=self.clause(node.part, "is"))
        if isinstance(node, RuleRef):
            return translate(self.lang, "rule.ref", rule=self._title(node.rule))
        code = "rule.all" if isinstance(node, All) else "rule.any"
        if len(node.parts) == 1:
            return self.clause(node.parts[0], mood)
        return translate(
            self.lang, code, conditions=self.comma.join(self.clause(part, mood) for part in node.parts)
        )

    def _compare(self, node: Compare, mood: str) -> str:
        fact = CATALOGUE[node.fact]
        if fact.kind is Kind.BOOL:
            return self.statement(fact, getattr(node.operands[0], "value", True) is True)
        expected = [self.operand(operand, fact, node.op) for operand in node.operands]
        return self._fill(f"rule.{node.op}.{mood}", fact, "", expected)

    def _fill(self, code: str, fact: Fact, value: str, expected: list[str], **more: str) -> str:
        low, high = expected[0], expected[-1]
        label = fact.label(self.lang)
        return translate(self.lang, code, fact=label, value=value, expected=low, low=low, high=high, **more)

    def statement(self, fact: Fact, yes: bool) -> str:
        """What a yes/no fact says."""
        return translate(self.lang, f"fact.{fact.code}.{'yes' if yes else 'no'}")

    def operand(self, operand: Operand, fact: Fact, op: str) -> str:
        """An expected value in words: an amount, a share of another fact, or one value per case."""
        if not isinstance(operand, Case):
            return self._simple(operand, fact, op)
        choice = CATALOGUE[operand.fact].vocabulary or ""
        parts = [
            translate(
                self.lang,
                "rule.case",
                value=self._simple(value, fact, op),
                case=isolate(name(choice, code, self.lang, self.namer), self.lang),
            )
            for code, value in operand.values
        ]
        if operand.otherwise is not None:
            parts.append(
                translate(self.lang, "rule.otherwise", value=self._simple(operand.otherwise, fact, op))
            )
        return self.comma.join(parts)

    def _simple(self, operand: Literal | Ref, fact: Fact, op: str) -> str:
        if isinstance(operand, Literal):
            if op in LIST_OPERATORS:
                return names(fact, operand.items, self.lang, self.namer)
            return words(fact, operand.value, self.lang, self.namer, op)
        other = CATALOGUE[operand.fact].label(self.lang)
        if operand.share != 1:
            share = isolate(percent_words(operand.share, self.lang), self.lang)
            return translate(self.lang, "rule.share_of", share=share, of=_of(other, self.lang))
        months, days = operand.months, operand.days
        if months or days:
            code = "rule.before_fact" if months < 0 or days < 0 else "rule.after_fact"
            return translate(self.lang, code, length=self._length(abs(months), abs(days)), fact=other)
        return translate(self.lang, "rule.same_as", fact=other)

    def _length(self, months: int, days: int) -> str:
        parts = [ntranslate(self.lang, "{n} mois", "{n} mois", months)] if months else []
        parts += [ntranslate(self.lang, "{n} jour", "{n} jours", days)] if days else []
        return " + ".join(parts)

    def told(self, found: Trace) -> str:
        """A settled result: only the parts that decided it are told."""
        node, outcome = found.node, found.outcome
        if isinstance(node, Compare):
            return self._told_compare(node, found)
        if isinstance(node, Not):
            return translate(self.lang, f"rule.not.{outcome}", condition=self.clause(node.part, "is"))
        if isinstance(node, RuleRef):
            return translate(self.lang, f"rule.ref.{outcome}", rule=self._title(node.rule))
        told = [self.told(part) for part in found.parts if part.outcome is outcome]
        if outcome is Outcome.PASS and not isinstance(node, All):
            return told[0]
        joined = self.comma.join(told)
        if outcome is Outcome.FAIL and not isinstance(node, All) and len(told) > 1:
            return translate(self.lang, "rule.any.fail", conditions=joined)
        return joined

    def _told_compare(self, node: Compare, found: Trace) -> str:
        fact = CATALOGUE[node.fact]
        if fact.kind is Kind.BOOL:
            return self.statement(fact, found.value is True)
        value = words(fact, found.value, self.lang, self.namer)
        triples = zip(node.operands, found.operands, found.expected, strict=True)
        expected = [
            self._for_case(written, chosen, self._resolved(chosen, amount, fact, node.op))
            for written, chosen, amount in triples
        ]
        wanted, had = found.expected[0], found.value
        more = {"missing": "", "excess": ""}
        if isinstance(wanted, frozenset) and isinstance(had, frozenset):
            more["missing"] = names(fact, tuple(sorted(wanted - had)), self.lang, self.namer)
            more["excess"] = names(fact, tuple(sorted(wanted & had)), self.lang, self.namer)
        return self._fill(f"rule.{node.op}.{found.outcome}", fact, value, expected, **more)

    def _for_case(self, written: Operand, chosen: Literal | Ref | None, text: str) -> str:
        """The expected value, with the case that it is for: « 100 000,00 DH pour « GIE » »."""
        cases = written.values if isinstance(written, Case) else ()
        code = next((code for code, value in cases if value is chosen), None)
        if code is None or not isinstance(written, Case):
            return text
        choice = CATALOGUE[written.fact].vocabulary or ""
        case = isolate(name(choice, code, self.lang, self.namer), self.lang)
        return translate(self.lang, "rule.case", value=text, case=case)

    def _resolved(self, operand: Literal | Ref | None, value: FactValue | None, fact: Fact, op: str) -> str:
        """The amount expected of this very application, with the share it comes from."""
        if isinstance(operand, Literal) and op in LIST_OPERATORS:
            return names(fact, operand.items, self.lang, self.namer)
        amount = words(fact, value, self.lang, self.namer, op)
        if isinstance(operand, Ref) and operand.share != 1:
            source = self._simple(operand, fact, op)
            return translate(self.lang, "rule.share_of_amount", amount=amount, source=source)
        return amount

    def unknown(self, missing: tuple[str, ...], found: Trace) -> str:
        """What is still to be filled in, and where."""
        if not missing:
            fact = next((leaf.node.fact for leaf in found.leaves() if isinstance(leaf.node, Compare)), "")
            label = CATALOGUE[fact].label(self.lang) if fact else ""
            return translate(self.lang, "rule.unknown.case", fact=label)
        listed = [
            f"{CATALOGUE[code].label(self.lang)} ({CATALOGUE[code].filled_in(self.lang)})" for code in missing
        ]
        return translate(self.lang, "rule.unknown", facts=self.comma.join(listed))

    def _title(self, code: str) -> str:
        return self.titles.get(code) or name("rule", code, self.lang, self.namer)
