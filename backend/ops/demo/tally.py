"""What the demonstration found: the figures, whether they add up, and the table that says so."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.core.money import format_money
from backend.notifications.wording import message_id

from .http import every_item

if TYPE_CHECKING:
    from .run import Told

Say = Callable[[str], None]


def progress(*, quiet: bool) -> Say:
    """Say on the standard error which stage is done and how long it took."""
    last = [time.monotonic()]

    def say(stage: str) -> None:
        now = time.monotonic()
        if not quiet:
            print(f"  {stage:<40}{now - last[0]:6.1f} s", file=sys.stderr)
        last[0] = now

    return say


def caught(folder: Path) -> Counter[str]:
    """How often each message reached the mail server, by the local part of its Message-ID."""
    parser = BytesHeaderParser(policy=policy.default)
    found: Counter[str] = Counter()
    for file in sorted(folder.glob("*.eml")):
        with file.open("rb") as source:
            found[str(parser.parse(source)["Message-ID"]).strip("<> ").partition("@")[0]] += 1
    return found


def figures(told: "Told", mail: Path) -> dict[str, Any]:
    """Every figure, each read from where it was recorded."""
    judged, lived, call = told.judged, told.lived, told.call
    officer = told.cast.officer
    ledger = every_item(officer, "/messages")
    mails = caught(mail)
    reminders = {message_id(m["id"]) for m in ledger if m["template"].startswith("milestone.reminder")}
    people = {"holder": 1, "coach": 1, "das": len(told.world.officers)}
    filed = told.filing.files
    assert lived.now is not None
    return {
        "call": call.code,
        "seed": told.world.seed,
        "applications": len(filed),
        "submitted": sum(bool(file.receipt) for file in filed),
        "late": sum(file.refused == "window_closed" for file in filed),
        "not_taken": dict(Counter(f.refused for f in filed if f.refused and f.refused != "window_closed")),
        "abandoned": sum(not file.receipt and not file.refused for file in filed),
        "admitted": judged.screening["admitted"] + judged.screening["unsettled"],
        "admitted_by_hand": judged.screening["unsettled"],
        "refused": judged.screening["refused"],
        "refused_by_rule": dict(sorted(judged.screening["refused_by_rule"].items())),
        "rules": [rule.code for rule in call.every_rule() if rule.fails == "refuse"],
        "evaluations": judged.evaluations,
        "recusals": judged.recusals,
        "ranked": judged.ranked,
        "funded": judged.funded,
        "waiting": judged.waiting,
        "rejected": judged.refused,
        "funded_amount_centimes": judged.funded_centimes,
        "envelope_centimes": call.envelope,
        "conventions": lived.conventions,
        "tranches": lived.tranches,
        "tranches_released": lived.released,
        "released_amount_centimes": lived.released_centimes,
        "milestones": len(lived.milestones),
        "milestones_reported": lived.reported,
        "reminders_due": sum(milestone.due(lived.now, people) for milestone in lived.milestones),
        "reminders_sent": len(reminders & set(mails)),
        "messages": len(ledger),
        "messages_by_template": dict(sorted(Counter(m["template"] for m in ledger).items())),
        "messages_caught": len(mails),
        "duplicates": sum(count - 1 for count in mails.values()),
        "waves_due": lived.waves_due,
        "waves_done": lived.waves_done,
        "active": lived.active,
        "active_by_age": officer.get("/waves/by-age", call_id=told.cast.call["id"])["rows"],
    }


def disagreements(found: dict[str, Any]) -> list[str]:
    """What does not add up, in words; empty when everything does."""
    held = {
        "dossiers submitted, late and abandoned make the dossiers": found["submitted"]
        + found["late"]
        + found["abandoned"]
        == found["applications"],
        "eligible and ineligible make the submitted": found["admitted"] + found["refused"]
        == found["submitted"],
        "funded, waiting and rejected make the ranked": found["funded"] + found["waiting"] + found["rejected"]
        == found["ranked"],
        "what is granted stays within the envelope": found["funded_amount_centimes"]
        <= found["envelope_centimes"],
        "one convention for each funded project": found["conventions"] == found["funded"],
        "every reminder due was sent": found["reminders_sent"] == found["reminders_due"],
        "no message twice": found["duplicates"] == 0,
        "every message of the ledger arrived": found["messages"] == found["messages_caught"],
        "every wave due has an answer": found["waves_done"] == found["waves_due"],
    }
    return [sentence for sentence, holds in held.items() if not holds]


STAGES = (
    ("Applications", "{applications}: {submitted} submitted, {late} late, {abandoned} abandoned"),
    ("Screening", "{admitted} eligible, {refused} ineligible ({refusals})"),
    ("Reviews", "{evaluations} signed, {recusals} recusals, {ranked} dossiers ranked"),
    ("Session", "{funded} funded, {waiting} waiting, {rejected} rejected"),
    ("Money", "{funded_amount} of {envelope}"),
    ("Conventions", "{conventions}, {tranches} tranches, {tranches_released} released ({released_amount})"),
    ("Coaching", "{milestones} milestones, {milestones_reported} reported"),
    ("Reminders", "{reminders_due} due, {reminders_sent} sent, {duplicates} twice"),
    ("Follow-up", "{waves_due} waves due, {waves_done} answered"),
)
AGE = "{active} active of {answered}, {unreachable} out of reach, {stopped} paused or stopped"


def table(found: dict[str, Any], wrong: list[str]) -> str:
    """One table of what happened at each stage."""
    told = found | {
        name.removesuffix("_centimes"): format_money(value, "fr")
        for name, value in found.items()
        if name.endswith("_centimes")
    }
    told["refusals"] = ", ".join(f"{rule} {count}" for rule, count in found["refused_by_rule"].items())
    rows = [(title, sentence.format_map(told)) for title, sentence in STAGES]
    rows += [
        (f"  at {age['months']} months", AGE.format_map(age))
        for age in found["active_by_age"]
        if age["answered"]
    ]
    verdict = [f"✗ {sentence}" for sentence in wrong] or ["✓ All figures agree."]
    return "\n".join([*(f"{title:<16}{sentence}" for title, sentence in rows), "", *verdict])
