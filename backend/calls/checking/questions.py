"""Which facts to ask for: those that the rules of a call read, traced back to what somebody can answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backend.core.i18n import codes, label
from backend.territory.reference import communes

from ..callfile import CallFile
from ..rules import vocabulary
from ..rules.conditions import facts_of
from ..rules.derive import SHARES, SUMS
from ..rules.facts import CATALOGUE, Fact, Kind

ELSEWHERE = "elsewhere"
"""The answer for a commune or a chain that is not in the list."""

NOT_ASKED = frozenset({"documents.present"})
"""Papers are joined to a dossier: before it exists nobody can tell."""

FROM: dict[str, tuple[str, ...]] = {
    **SHARES,
    **SUMS,
    "organisation.age_months": ("organisation.created_on",),
    "organisation.age_days": ("organisation.created_on",),
    "organisation.months_since_agm": ("organisation.last_agm_on",),
    "budget.non_investment": ("budget.total", "budget.investment"),
    "project.chain_is_priority": ("project.chain",),
}
"""What a computed fact is made of. Others are asked as they are, « all of one family » too."""

NOTHING_IS_ZERO = frozenset(
    {"budget.studies", "financing.own_in_kind", "financing.partners", "financing.loan"}
)
"""Parts of a plan that most projects do not have: left empty beside a cost, they count for nothing."""

SECTIONS = ("organisation", "members", "project", "budget", "financing", "results")


@codes
def question_codes() -> Iterable[str]:
    """Words of the questions beyond those of their facts."""
    yield from ("check.elsewhere", "check.unanswered", "check.yes", "check.no", "check.zero", "check.once")


@dataclass(frozen=True)
class Question:
    """One fact asked for; a choice has its options, in the order in which they are offered."""

    fact: Fact
    options: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.fact.code

    @property
    def zero(self) -> bool:
        """Whether no answer means nothing, once the cost is given."""
        return self.code in NOTHING_IS_ZERO

    def choices(self, lang: str) -> list[tuple[str, str]]:
        """The options with their names, « no answer » first; named lists by their names."""
        if self.fact.kind is Kind.BOOL:
            named = [(code, label(lang, f"check.{code}")) for code in ("yes", "no")]
        else:
            named = [(code, name_of(self.fact, code, lang)) for code in self.options]
        if self.fact.vocabulary in ("province", "commune", "chain", "sector"):
            named.sort(key=lambda option: (option[0] == ELSEWHERE, option[1]))
        return [("", label(lang, "check.unanswered")), *named]


def name_of(fact: Fact, code: str, lang: str) -> str:
    """How an option is called."""
    if code == ELSEWHERE:
        return label(lang, "check.elsewhere")
    return vocabulary.name(fact.vocabulary or "", code, lang)


def questions(file: CallFile) -> tuple[Question, ...]:
    """The questions of a call, by section, in the order of the catalogue."""
    asked = {base for rule in file.every_rule() for code in _read(rule) for base in bases(code)}
    ordered = sorted(
        (code for code in CATALOGUE if code in asked),
        key=lambda code: SECTIONS.index(CATALOGUE[code].section),
    )
    return tuple(Question(CATALOGUE[code], _options(CATALOGUE[code], file)) for code in ordered)


def _read(rule: object) -> Iterator[str]:
    """Every fact that a rule reads: when it applies, and what it demands."""
    for condition in (getattr(rule, "when", None), getattr(rule, "check", None)):
        if condition:
            yield from facts_of(condition.node)


def bases(code: str) -> Iterator[str]:
    """The facts to ask for so that this one is known; none for those of the call and of the papers."""
    if code.startswith("call.") or code in NOT_ASKED:
        return
    if code not in FROM:
        yield code
    for part in FROM.get(code, ()):
        yield from bases(part)


def _options(fact: Fact, file: CallFile) -> tuple[str, ...]:
    if fact.vocabulary == "commune":
        return (*(row.code for row in communes() if row.province_code == file.province), ELSEWHERE)
    if fact.vocabulary == "chain":
        return (*(vocabulary.known("chain") or ()), ELSEWHERE)
    return vocabulary.known(fact.vocabulary) or () if fact.vocabulary else ()
