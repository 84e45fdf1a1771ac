"""Budget and financing of a generated project, in integer centimes."""

from dataclasses import dataclass
from random import Random

from backend.ops.demo.catalogue import BUILDING, RUNNING, STUDY, VEHICLE, WORKS, Chain, Item
from backend.ops.demo.facts import DIRHAM, CallFacts
from backend.ops.demo.names import Name

THOUSAND = 1_000 * DIRHAM


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line; ``kind`` is investment, studies or running, ``unit_centimes`` the price of one."""

    kind: str
    label: Name
    quantity: int
    unit_centimes: int

    @property
    def amount_centimes(self) -> int:
        """Quantity times unit price."""
        return self.quantity * self.unit_centimes


@dataclass(frozen=True, slots=True)
class Financing:
    """Who pays, in centimes. The sum equals the budget unless the file is meant to be unbalanced."""

    indh: int
    own_cash: int
    own_in_kind: int
    loan: int
    partner: int

    @property
    def own(self) -> int:
        """The holder's contribution, cash and kind."""
        return self.own_cash + self.own_in_kind

    @property
    def total(self) -> int:
        """All sources."""
        return self.indh + self.own + self.loan + self.partner


def _up(amount: int, step: int = THOUSAND) -> int:
    return -(-amount // step) * step


def _down(amount: int, step: int = THOUSAND) -> int:
    return amount // step * step


def _share(call: CallFacts) -> int:
    """Largest share that a holder asks for, percent: holders always bring something, also where no rule says
    so.
    """
    return min(call.max_share_percent or 80, 95)


def _line(item: Item, kind: str, quantity: int, dirhams: int) -> Line:
    return Line(kind, Name(item.fr, item.ar), quantity, dirhams * DIRHAM)


def _target(rng: Random, call: CallFacts, legal_form: str, intent: str) -> int:
    """Investment wanted, a multiple of 1 000 DH, such that the intent can be met and no other limit is."""
    share, cap = _share(call), call.cap(legal_form) or 400_000 * DIRHAM
    full = cap * 100 // share
    if intent == "amount_above":
        return _up(full * rng.randint(112, 135) // 100)
    if intent == "share_above":
        # Even fifteen points above the share, the grant must stay under the cap.
        return _down(cap * 100 // min(share + 15, 100) * rng.randint(45, 90) // 100)
    low, high = (20, 40) if legal_form == "auto_entrepreneur" else (35, 115)
    # The smaller of two draws: most projects stay well under what the cap would allow.
    return max(20 * THOUSAND, _down(full * min(rng.randint(low, high), rng.randint(low, high)) // 100))


def _investment(rng: Random, chain: Chain, target: int) -> list[Line]:
    """Equipment of the chain, the main machine first, and works that make up exactly ``target`` centimes."""
    lines: list[Line] = []
    left = target
    main, *others = chain.items
    for item in (main, *rng.sample(others, len(others)), VEHICLE):
        price = rng.randint(item.low, item.high)
        price = price // 100 * 100 if price > 2_000 else price // 10 * 10
        room = (left - target // 10) // (price * DIRHAM)
        if room < 1 or (item is VEHICLE and left * 100 < target * 60):
            continue
        # A share of the room keeps most purchases modest; lots (hives, boxes) come in tens.
        quantity = min(room, rng.randint(max(1, item.most // 3), item.most))
        if item.most >= 30 and quantity >= 10:
            quantity = quantity // 10 * 10
        lines.append(_line(item, "investment", quantity, price))
        left -= lines[-1].amount_centimes
    if left:
        works = WORKS if left < 90 * THOUSAND else BUILDING
        lines.append(Line("investment", Name(works.fr, works.ar), 1, left))
    return lines


def budget(rng: Random, call: CallFacts, chain: Chain, legal_form: str, intent: str) -> tuple[Line, ...]:
    """Budget lines: investment, studies within their share when the call allows any, running costs when
    meant.
    """
    target = _target(rng, call, legal_form, intent)
    lines = _investment(rng, chain, target)
    if intent == "studies_above":
        # Of the total with the study in it: x / (target + x) above the share, by some points.
        percent = call.studies_percent + rng.randint(2, 6)
        lines.append(_line(STUDY, "studies", 1, _up(target * percent // (100 - percent)) // DIRHAM))
    elif call.studies_percent and rng.random() < 0.5:
        # Within the share of the total: the study itself makes the total larger, never smaller.
        price = (
            min(rng.randint(STUDY.low, STUDY.high), target * call.studies_percent // 100 // DIRHAM)
            // 500
            * 500
        )
        if price:
            lines.append(_line(STUDY, "studies", 1, price))
    if intent == "running_costs":
        for item in rng.sample(RUNNING, rng.randint(1, 2)):
            lines.append(_line(item, "running", 1, rng.randint(item.low, item.high) // 500 * 500))
    return tuple(lines)


def _grant(rng: Random, call: CallFacts, legal_form: str, intent: str, investment: int) -> int:
    share, cap = _share(call), call.cap(legal_form)
    if intent == "amount_above" and cap is not None:
        return min(_up(cap * rng.randint(103, 111) // 100), investment * share // 100)
    if intent == "share_above":
        return min(investment, _up(investment * min(share + rng.randint(3, 12), 99) // 100, 500 * DIRHAM))
    ceiling = investment * share // 100 if cap is None else min(cap, investment * share // 100)
    if intent == "unbalanced":
        return _down(ceiling * 85 // 100, 500 * DIRHAM)
    return _down(ceiling * rng.choice((100, 100, 95, 90, 80)) // 100, 500 * DIRHAM)


def finance(rng: Random, call: CallFacts, legal_form: str, intent: str, lines: tuple[Line, ...]) -> Financing:
    """Sources that pay for the lines, within every limit of the call but the one that ``intent`` breaks."""
    total = sum(line.amount_centimes for line in lines)
    investment = sum(line.amount_centimes for line in lines if line.kind == "investment")
    indh = _grant(rng, call, legal_form, intent, investment)
    rest = total - indh
    loan = partner = 0
    spare = max(0, rest - _up(total * call.min_own_percent // 100) - THOUSAND)
    if intent == "own_below":
        own = _down(total * (call.min_own_percent - rng.randint(2, 5)) // 100, 500 * DIRHAM)
        loan = rest - min(rest, own)
    elif intent != "unbalanced" and rng.random() < 0.35:
        amount = _down(min(spare, rest * rng.randint(10, 35) // 100), 500 * DIRHAM)
        loan, partner = (amount, 0) if rng.random() < 0.55 else (0, amount)
    own = rest - loan - partner
    limit = 40 if call.in_kind_percent is None else call.in_kind_percent
    kind = 0
    if intent == "in_kind_above":
        kind = min(own, _up(own * min(limit + rng.randint(8, 25), 100) // 100, 500 * DIRHAM))
    elif intent != "unbalanced" and rng.random() < 0.6:
        kind = _down(own * rng.randint(0, limit) // 100, 500 * DIRHAM)
    cash = own - kind
    if intent == "unbalanced":
        # Something is missing: less than two hundredths of the cost, an addition done by hand.
        cash -= min(cash, max(500 * DIRHAM, _down(total * rng.randint(5, 18) // 1000, 500 * DIRHAM)))
    return Financing(indh, cash, kind, loan, partner)
