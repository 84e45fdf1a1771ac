"""A call decided two weeks ago: its letters have left, two decisions are contested, one appeal is studied."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import asking, judging
from .cast import Cast
from .clock import move, set_clock, settle
from .filing import Filing, submit
from .http import every_item
from .world import World

Day = Callable[..., datetime]
"""The demonstration's day: so many days from now, at that hour."""

REASONS = (
    "تمت دراسة ملفنا قبل توقيع عقود البيع مع ثلاثة فنادق. العقود موقعة الآن ونطلب إعادة النظر.",
    "Notre local a été raccordé à l’eau après la visite : la quittance est à la DAS.",
)
REPORT = (
    "La quittance est datée d’avant la séance. La note sur la viabilité n’en tient pas compte. "
    "Je propose de financer le projet si l’enveloppe le permet."
)


@dataclass
class Recent:
    """The call while others are told of: what it is, who filed, its world."""

    call: dict[str, Any]
    filing: Filing
    world: World


def deposited(cast: Cast, filing: Filing, world: World) -> Recent:
    """Its dossiers are in."""
    for filed in filing.files:
        submit(filed)
    return Recent(cast.call, filing, world)


def decided(cast: Cast, recent: Recent, day: Day) -> None:
    """Examined, reviewed, decided by a session, told by letters; then contested. `cast.call` is as before."""
    before, cast.call = cast.call, recent.call
    move(cast.admin, day(-26, 10))
    asking.examine(cast)
    judging.screen(cast)
    judging.review(cast, recent.world, recent.filing, day(-20, 16), judging.Judged())
    move(cast.admin, day(-16, 10))
    judging.deliberate(cast, recent.world, day(-16, 10), judging.Judged())
    settle(cast.admin)
    _contest(cast, recent, day)
    cast.call = before


def _contest(cast: Cast, recent: Recent, day: Day) -> None:
    """The first appeal waits to be given to somebody; of the second there is a report."""
    holders = {filed.id: filed.holder for filed in recent.filing.files}
    decisions = every_item(cast.officer, "/decisions", call_id=recent.call["id"], state="adopted")
    lost = [one for one in decisions if one["outcome"] != "funded"][:2]
    made = []
    set_clock(cast.admin, day(-12, 11))
    for one, reasons in zip(lost, REASONS, strict=False):
        body = {"decision_id": one["id"], "reasons": reasons}
        made.append(holders[one["application_id"]].post("/appeals", body))
    settle(cast.admin)
    if len(made) < len(REASONS):
        return
    studied = f"/appeals/{made[-1]['id']}"
    set_clock(cast.admin, day(-11, 9))
    cast.officer.post(f"{studied}/assign", {"person_id": cast.ids["D02"]})
    set_clock(cast.admin, day(-9, 15))
    cast.staff["D02"].post(f"{studied}/report", {"report": REPORT})
