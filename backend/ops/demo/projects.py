"""The project of an application: title and summary in French and Arabic, budget, jobs, income."""

from dataclasses import dataclass
from random import Random

from backend.ops.demo.catalogue import Chain, Idea, chain
from backend.ops.demo.facts import DIRHAM, CallFacts
from backend.ops.demo.grammar import count_ar
from backend.ops.demo.money import Financing, Line, budget, finance
from backend.ops.demo.names import FORMS, Name
from backend.ops.demo.organisations import Organisation
from backend.territory.reference import Commune


@dataclass(frozen=True, slots=True)
class Project:
    """What the holder asks money for; ``income_centimes`` is the monthly income expected by worker."""

    title: Name
    summary: Name
    sector: str
    chain: str | None
    commune_code: str
    lines: tuple[Line, ...]
    financing: Financing
    jobs_women: int
    jobs_men: int
    income_centimes: int

    @property
    def budget_total(self) -> int:
        """Sum of the budget lines, centimes."""
        return sum(line.amount_centimes for line in self.lines)


def _who_fr(holder: Organisation) -> str:
    form, size, women = FORMS[holder.legal_form], len(holder.members), holder.women
    if holder.legal_form == "auto_entrepreneur":
        return f"{holder.name.fr}, {'auto-entrepreneuse' if women else 'auto-entrepreneur'},"
    one, several, all_women = form.members_fr
    if size == 1:
        people = f"une seule {all_women[:-1]}" if women else one
    elif women == size:
        people = f"{size} {all_women}"
    else:
        people = f"{size} {several}" + (
            "" if not women else ", dont une femme" if women == 1 else f", dont {women} femmes"
        )
    verb = "compte" if size == 1 else "réunit"
    return f"{form.subject_fr} {holder.short.fr}, qui {verb} {people},"


def _who_ar(holder: Organisation) -> str:
    form, size, women = FORMS[holder.legal_form], len(holder.members), holder.women
    if holder.legal_form == "auto_entrepreneur":
        return f"{'ترغب المقاولة الذاتية' if women else 'يرغب المقاول الذاتي'} {holder.name.ar}"
    verb, which = ("ترغب", "التي تضم") if form.feminine_ar else ("يرغب", "الذي يضم")
    people = count_ar(size, *(form.members_f_ar if women == size else form.members_ar))
    if 0 < women < size:
        people += f" من بينهم {count_ar(women, 'امرأة واحدة', 'امرأتان', 'نساء', 'امرأة')}"
    return f"{verb} {form.subject_ar} {holder.short.ar}، {which} {people}،"


def _texts(idea: Idea, holder: Organisation, commune: Commune) -> tuple[Name, Name]:
    title = Name(f"{idea.title_fr} à {commune.name_fr}", f"{idea.title_ar} بجماعة {commune.name_ar}")
    summary = Name(
        f"À {commune.name_fr}, {_who_fr(holder)} souhaite {idea.do_fr}. {idea.why_fr}",
        f"بجماعة {commune.name_ar}، {_who_ar(holder)} في {idea.do_ar}. {idea.why_ar}",
    )
    return title, summary


def _jobs(rng: Random, kind: Chain, holder: Organisation, total: int) -> tuple[int, int]:
    """Jobs expected, women and men: about one for each 60 000 DH, with the holder's own balance."""
    most = 2 if holder.legal_form == "auto_entrepreneur" else 14
    jobs = max(1, min(most, total // (60_000 * DIRHAM) + rng.randint(0, 3)))
    share = holder.women * 100 // len(holder.members) if len(holder.members) > 4 else kind.women
    women = sum(rng.randrange(100) < share for _ in range(jobs))
    return women, jobs - women


def project(
    rng: Random,
    call: CallFacts,
    holder: Organisation,
    commune: Commune,
    activity: tuple[str, str | None],
    intent: str,
) -> Project:
    """A project in a commune; ``activity`` is sector and chain (``None``: the call names none there)."""
    sector, code = activity
    kind = chain(code or "")
    title, summary = _texts(rng.choice(kind.ideas), holder, commune)
    lines = budget(rng, call, kind, holder.legal_form, intent)
    financing = finance(rng, call, holder.legal_form, intent, lines)
    women, men = _jobs(rng, kind, holder, sum(line.amount_centimes for line in lines))
    income = rng.randint(*kind.income) // 50 * 50 * DIRHAM
    return Project(title, summary, sector, code, commune.code, lines, financing, women, men, income)
