"""A call decided two weeks ago: letters left, a grant has conditions, two appeals, one of them studied."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
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


BECAUSE = "Le projet est bon, mais son local n’est pas encore raccordé : le comité s’engage sous conditions."
CONDITIONS = (
    {
        "fr": "Le bail du local est signé pour cinq ans au moins.",
        "ar": "عقد كراء المحل موقع لمدة خمس سنوات على الأقل.",
    },
    {
        "fr": "Le local est raccordé à l’eau et à l’électricité.",
        "ar": "المحل مرتبط بشبكتي الماء والكهرباء.",
    },
)
ANSWER = "Le bail a été signé et légalisé la semaine dernière, pour six ans. L’original est à la coopérative."


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
    due = day(40, 10).date().isoformat()
    judging.deliberate(
        cast, recent.world, day(-16, 10), judging.Judged(), partial(_under_conditions, due=due)
    )
    settle(cast.admin)
    _answered(cast, recent, day)
    _contest(cast, recent, day)
    cast.call = before


def _under_conditions(cast: Cast, session: str, due: str) -> list[dict[str, Any]]:
    """The last that would be funded is, once two conditions are met."""
    proposed = every_item(cast.officer, "/decisions", call_id=cast.call["id"], state="proposed")
    funded = [one for one in proposed if one["outcome"] == "funded"]
    if not funded:
        return []
    last = max(funded, key=lambda one: one["rank"])
    change = {
        "decision_id": last["id"],
        "outcome": "conditional",
        "amount_centimes": last["amount_centimes"],
        "conditions": list(CONDITIONS),
        "conditions_due_on": due,
    }
    body = {
        "session_id": session,
        "call_id": cast.call["id"],
        "changes": [change],
        "because": BECAUSE,
    }
    motions: list[dict[str, Any]] = cast.officer.post("/decisions/deviate", body)["items"]
    return motions


def _answered(cast: Cast, recent: Recent, day: Day) -> None:
    """The first condition is answered, and waits for an officer; the second is to be answered."""
    holders = {filed.id: filed.holder for filed in recent.filing.files}
    held = {"call_id": recent.call["id"], "outcome": "conditional"}
    for grant in every_item(cast.officer, "/decisions", **held):
        set_clock(cast.admin, day(-13, 10))
        first = cast.officer.get(f"/decisions/{grant['id']}/conditions")["items"][0]
        holders[grant["application_id"]].post(f"/conditions/{first['id']}/answer", {"words": ANSWER})


def _contest(cast: Cast, recent: Recent, day: Day) -> None:
    """The first appeal waits to be given to somebody; of the second there is a report."""
    holders = {filed.id: filed.holder for filed in recent.filing.files}
    decisions = every_item(cast.officer, "/decisions", call_id=recent.call["id"], state="adopted")
    lost = [one for one in decisions if one["outcome"] in ("waiting", "refused")][:2]
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
