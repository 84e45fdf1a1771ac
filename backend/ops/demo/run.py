"""`./indh demo`: one call from its opening to the first birthdays of its projects, through the HTTP API.

Everything happens in a throwaway stack of its own: PostgreSQL, store, mail catcher, API, worker and beat. The
figures are read back from the API, the mail catcher and the generated plans, and set beside each other.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from backend.arguments import Arguments
from backend.calls.callfile import CallFile, CallFileInvalid, read
from backend.core.calendar import add_months, local

from ..paths import ROOT
from ..refusal import Refusal
from ..stack import embedded_stack
from . import cast as casting
from . import filing, judging, living, tally
from .clock import move, set_clock, settle
from .http import Client
from .world import World, generate

DEFAULT_CALL = ROOT / "calls" / "agadir-2023.yaml"


@dataclass(frozen=True)
class Size:
    """How many dossiers, and the seed that they are drawn from."""

    applications: int
    seed: int


@dataclass
class Told:
    """All that happened, for the table and for machines."""

    world: World
    call: CallFile
    first: tuple[str, ...]  # the province's priority chains
    cast: casting.Cast
    filing: filing.Filing
    judged: judging.Judged
    lived: living.Lived


def cycle(
    client: Client, call: CallFile, world_of: Size, say: tally.Say, ends: datetime | None = None
) -> Told:
    """The whole cycle on the client's platform, whose clock it moves, until `ends`."""
    admin = casting.administrator(client)
    known = casting.catalogue(admin)
    first = casting.priorities(call, known, published())
    world = generate(casting.facts(call, known, first), world_of.applications, world_of.seed)
    move(admin, call.opens_at - timedelta(days=60))
    cast = casting.appoint(admin, world)
    casting.constitute(cast, world, casting.day_before(call, 60))
    casting.publish(cast, call, first if call.chains == "priority" else (), casting.day_before(call, 40))
    say("committee, chains and call")
    told = Told(world, call, first, cast, filing.Filing(), judging.Judged(), living.Lived())
    _file(told)
    say("deposits")
    _judge(told)
    say("screening, reviews and session")
    _live(told, ends)
    say("conventions, coaching and follow-up")
    return told


def _file(told: Told) -> None:
    """Holders come in the order of their deposit; the clock follows them, and passes the closing hour."""
    call, admin = told.call, told.cast.admin
    late = []
    for application in filing.in_order(told.world):
        at = filing.moment(application, call.opens_at, call.closes_at)
        set_clock(admin, min(at, call.closes_at - timedelta(minutes=5)))
        filed = filing.prepare(admin, told.cast.officer, told.cast.call, application)
        told.filing.files.append(filed)
        if at > call.closes_at:
            late.append((at, filed))
        elif application.moment is not None:
            filing.submit(filed)
    for at, filed in late:
        set_clock(admin, at)
        filing.submit(filed)
    move(admin, call.closes_at + timedelta(days=3))


def _judge(told: Told) -> None:
    judged, cast, call = told.judged, told.cast, told.call
    judged.screening = judging.screen(cast)
    due_at = call.closes_at + timedelta(days=40)
    judging.review(cast, told.world, told.filing, due_at, judged)
    move(cast.admin, due_at + timedelta(days=5))
    judging.rank(cast, judged)
    judging.deliberate(cast, told.world, due_at + timedelta(days=5), judged)
    settle(cast.admin)


def _live(told: Told, ends: datetime | None) -> None:
    cast, lived = told.cast, told.lived
    signed_on = max(
        casting.day_before(told.call, -75), local(told.call.closes_at + timedelta(days=55)).date()
    )
    move(cast.admin, living.morning(signed_on) + timedelta(hours=2))
    signed = living.agree(cast, told.filing, signed_on, lived)
    living.accompany(cast, told.call, told.world, signed, lived)
    until = ends or living.morning(add_months(signed_on, 13)) + timedelta(hours=3)
    living.live(cast, told.world, signed, until, lived)


def published() -> dict[str, CallFile]:
    """The call files that come with the platform, by code."""
    return {file.code: file for file in map(read, sorted((ROOT / "calls").glob("*.yaml")))}


@contextmanager
def platform(directory: Path) -> Iterator[tuple[str, Path]]:
    """A whole platform in `directory`; its address, and the folder of the mail that it sent."""
    from .. import mailbox
    from ..platform import serve

    with embedded_stack(directory, mail=True) as stack:
        port = mailbox.free_port()
        with serve(stack, port) as served:
            yield served.address, Path(stack.env()["INDH_MAIL_DIR"])


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """A throwaway directory, or the one to keep."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="indh-demo-") as thrown_away:
            yield Path(thrown_away)
    else:
        yield kept.absolute()


def main(argv: list[str]) -> int:
    """Run the cycle and print what happened; 1 when the figures do not add up."""
    parser = Arguments(prog="./indh demo", description="The whole cycle of a call, through the API.")
    parser.add_argument("--applications", type=int, default=120, metavar="N", help="generated dossiers (120)")
    parser.add_argument(
        "--seed", type=int, default=2023, metavar="S", help="of what is drawn at random (2023)"
    )
    parser.add_argument("--call", type=Path, default=DEFAULT_CALL, metavar="FILE", help="call file")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep data and logs there")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args(argv)
    if not 1 <= options.applications <= 2000:
        parser.error("--applications goes from 1 to 2000")
    try:
        call = read(options.call)
    except CallFileInvalid as invalid:
        print(invalid.text("fr"), file=sys.stderr)  # words for the call's author, as in ./indh call check
        return 2
    except OSError as error:
        raise Refusal(f"{options.call}: {error.strerror}.") from None
    say = tally.progress(quiet=options.json)
    with folder(options.data) as directory, platform(directory) as (base, mail):
        told = cycle(Client(base), call, Size(options.applications, options.seed), say)
        figures = tally.figures(told, mail)
    wrong = tally.disagreements(figures)
    print(json.dumps(figures, ensure_ascii=False, indent=2) if options.json else tally.table(figures, wrong))
    return 1 if wrong else 0
