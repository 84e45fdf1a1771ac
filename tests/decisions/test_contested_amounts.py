"""A grant of less than was asked is contested for its amount, until its convention is signed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.applications.models import Application
from backend.calls.models import Call
from backend.committees import commands as committees
from backend.committees.models import BallotChoice, Motion
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.decisions.appeals import filing, reading, settling, studying
from backend.decisions.models import (
    Appeal,
    AppealState,
    Decision,
    DecisionOrigin,
    DecisionOutcome,
    DecisionState,
    Letter,
)
from backend.funding import commands as funding
from backend.funding import ending
from backend.funding.models import Convention, ConventionState, Tranche
from tests.committees import given as sittings
from tests.decisions import appeals_given as given
from tests.decisions import given as decisions
from tests.decisions.test_conditions import broken

ASKED, GRANTED, BETTER = 24_000_000, 15_000_000, 20_000_001
FUNDED, WAITING = DecisionOutcome.FUNDED, DecisionOutcome.WAITING


def refused(code: str, status: int = 409) -> Any:
    return pytest.raises(Problem, check=lambda p: (p.code, p.status) == (code, status))


def change(model: Any, **values: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(model).values(**values))


def hers(world: Any) -> UUID:
    """The decision that gives Tifaout less than it asked."""
    decisions.adopted(world, 1)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        dossier = select(Application.id).where(
            Application.organisation_id == world.tifaout, Application.call_id == world.call
        )
        found = tx.session.scalars(select(Decision).where(Decision.application_id.in_(dossier))).one()
        mine = update(Application).where(Application.id == found.application_id)
        tx.session.execute(mine.values(requested_centimes=ASKED))
        tx.session.execute(
            update(Decision).where(Decision.id == found.id).values(amount_centimes=GRANTED, outcome=FUNDED)
        )
        return found.id


def contested(world: Any) -> Appeal:
    decision = hers(world)
    with transaction(world.holder) as tx:
        return filing.file_appeal(tx, decision, "La presse coûte plus.")


def scheduled(world: Any) -> Appeal:
    appeal = contested(world)
    world.later = sittings.open_session(world).id
    with transaction(world.officer) as tx:
        studying.assign(tx, appeal.id, world.officer.id)
    with transaction(world.officer) as tx:
        studying.report(tx, appeal.id, "Le devis est exact.")
    with transaction(world.officer) as tx:
        settling.schedule(tx, appeal.id, world.later)
    return given.again(appeal.id)


def voted(world: Any) -> Appeal:
    appeal = scheduled(world)
    with transaction(world.officer) as tx:
        motion = settling.put(tx, appeal.id, FUNDED, BETTER)
    with transaction(world.officer) as tx:
        for name in ("chair", "evaluator", "second"):
            committees.cast(tx, motion.id, world.seats[name], BallotChoice.FOR)
        committees.close_motion(tx, motion.id)
    return given.again(appeal.id)


def prepared(world: Any, appeal: Appeal) -> Convention:
    with transaction(world.officer) as tx:
        return funding.prepare(tx, appeal.application_id)


def test_upheld_the_amount_is_replaced_and_the_convention_follows_with_the_letter(
    world: Any, client: Any
) -> None:
    appeal = voted(world)
    convention = prepared(world, appeal)
    hers = [f"/api/v1/conventions/{convention.id}", "/api/v1/conventions", "/api/v1/tranches"]
    before = [client("holder").get(path).text for path in hers]
    with transaction(world.officer) as tx:
        assert "porter le montant" in tx.session.get_one(Motion, appeal.motion_id).text["fr"]
        settling.settle(tx, appeal.id, given.ANSWER)
    made = given.standing(world, given.again(appeal.id))
    assert (made.outcome, made.amount_centimes, made.origin) == (FUNDED, BETTER, DecisionOrigin.APPEAL)
    assert made.follows_id == appeal.decision_id
    jobs.drain()
    assert [client("holder").get(path).text for path in hers] == before, "her letter tells it first"
    with refused("letter_waits"), transaction(world.officer) as tx:
        funding.sign(tx, convention.id, local(tx.now).date())
    assert broken() == []
    decisions.released(world)
    assert broken() == []
    with transaction(SYSTEM) as tx:
        again = tx.session.get_one(Convention, convention.id)
        assert (again.decision_id, again.amount_centimes) == (made.id, BETTER)
        parts = select(Tranche.amount_centimes).where(Tranche.convention_id == again.id)
        assert sum(tx.session.scalars(parts)) == BETTER
        total = tx.session.get_one(Application, appeal.application_id).total_centimes
        assert again.own_centimes == max(0, total - BETTER)
    with transaction(world.officer) as tx:
        assert funding.sign(tx, convention.id, local(tx.now).date()).state is ConventionState.SIGNED


@pytest.mark.parametrize(
    ("outcome", "amount"),
    [(FUNDED, GRANTED), (FUNDED, 0), (FUNDED, ASKED + 1), (WAITING, 0), (DecisionOutcome.REFUSED, 0)],
)
def test_more_than_granted_at_most_what_is_asked(world: Any, outcome: DecisionOutcome, amount: int) -> None:
    appeal = scheduled(world)
    with refused("invalid", 422), transaction(world.officer) as tx:
        settling.put(tx, appeal.id, outcome, amount)


def test_the_envelope_counts_only_what_is_added(world: Any) -> None:
    appeal = scheduled(world)
    with transaction(SYSTEM) as tx:
        asked = select(Decision.amount_centimes).where(Decision.state == DecisionState.ADOPTED)
        committed = sum(tx.session.scalars(asked))
    change(Call, envelope_centimes=committed + BETTER - GRANTED - 1)
    with refused("envelope_exceeded"), transaction(world.officer) as tx:
        settling.put(tx, appeal.id, FUNDED, BETTER)
    change(Call, envelope_centimes=committed + BETTER - GRANTED)
    with transaction(world.officer) as tx:
        settling.put(tx, appeal.id, FUNDED, BETTER)


def test_what_was_granted_whole_is_not_contested(world: Any) -> None:
    decision = hers(world)
    change(Decision, amount_centimes=ASKED)
    with refused("appeal_not_contestable"), transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, "Plus.")
    with transaction(world.holder) as tx:
        right = reading.right(tx, tx.session.get_one(Decision, decision))
        assert (right.open, right.contestable) == (False, False)


def test_whoever_signed_agreed(world: Any) -> None:
    decision = hers(world)
    with transaction(SYSTEM) as tx:
        dossier = tx.session.get_one(Decision, decision).application_id
    with transaction(world.officer) as tx:
        convention = funding.prepare(tx, dossier)
    with transaction(world.officer) as tx:
        funding.sign(tx, convention.id, local(tx.now).date())
    with refused("appeal_convention_signed"), transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, "Plus.")
    with transaction(world.holder) as tx:
        right = reading.right(tx, tx.session.get_one(Decision, decision))
        assert (right.open, right.agreed) == (False, True)


def test_nobody_signs_for_an_amount_that_is_contested(world: Any) -> None:
    appeal = contested(world)
    convention = prepared(world, appeal)
    with refused("grant_contested"), transaction(world.officer) as tx:
        funding.sign(tx, convention.id, local(tx.now).date())
    with transaction(world.holder) as tx:
        filing.withdraw(tx, appeal.id)
    with transaction(world.officer) as tx:
        assert funding.sign(tx, convention.id, local(tx.now).date()).state is ConventionState.SIGNED


def test_signed_in_spite_of_it_the_vote_changes_nothing(world: Any) -> None:
    """A state that no command gives: the settlement asks again."""
    appeal = voted(world)
    prepared(world, appeal)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Convention).values(state=ConventionState.SIGNED))
    with refused("appeal_convention_signed"), transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    assert given.standing(world, appeal).id == appeal.decision_id


def test_the_date_of_the_convention_waits_for_the_appeal(world: Any) -> None:
    appeal = contested(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = tx.session.get_one(Call, world.call)
        following = call.definition.get("following", {}) | {"convention_days": 10}
        now = tx.now
        tx.session.execute(update(Call).values(definition=call.definition | {"following": following}))
        tx.session.execute(update(Letter).values(released_at=now - timedelta(days=30)))
    late = [one for one in decisions.decisions() if one.id != appeal.decision_id and one.outcome is FUNDED]
    with transaction(SYSTEM) as tx:
        tx.allowed = True
        assert ending.lapse_late(tx) == len(late)
    change(Appeal, state=AppealState.DISMISSED, settled_at=now - timedelta(days=10))
    with transaction(SYSTEM) as tx:
        tx.allowed = True
        assert ending.lapse_late(tx) == 0
    change(Appeal, settled_at=now - timedelta(days=11))
    with transaction(SYSTEM) as tx:
        tx.allowed = True
        assert ending.lapse_late(tx) == 1


def test_before_its_letter_nobody_contests(world: Any) -> None:
    decision = hers(world)
    change(Letter, state="queued", released_at=None)
    with refused("not_found", 404), transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, "Plus.")


def test_pages_of_an_amount(world: Any, client: Any) -> None:
    appeal = scheduled(world)
    page = client("officer").get(f"/appeals/{appeal.id}")
    assert "Montant si le recours est accueilli" in page.text
    assert 'name="outcome" value="funded"' in page.text
    assert "150 000,00" in page.text.replace("\u00a0", " ")
    here = f"/applications/{appeal.application_id}"
    assert f"/appeals/{appeal.id}" in client("holder").get(f"{here}/decision").text
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Appeal).values(state=AppealState.WITHDRAWN, session_id=None))
    form = client("holder").get(f"{here}/appeal?lang=ar")
    assert "تتظلمون من هذا المبلغ" in form.text
    change(Decision, amount_centimes=ASKED)
    assert "كل ما طلبتم" in client("holder").get(f"{here}/appeal?lang=ar").text
