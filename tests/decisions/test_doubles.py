"""A grant given twice is seen by whoever examines a dossier."""

from sqlalchemy import text

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions import doubles
from backend.decisions.models import DecisionOutcome
from backend.people.models import Lookalike
from tests.decisions import given


def pair(*keys):
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        first, second = sorted(keys)
        made = Lookalike(first_id=first, second_id=second, grounds=["ice"], closeness=0, found_at=tx.now)
        tx.session.add(made)
        tx.session.flush()
        return made.id


def note(actor, application_id):
    with transaction(actor) as tx:
        found = doubles.double(tx, tx.session.get_one(Application, application_id))
        return found and found.note


def test_a_second_grant_is_told_to_who_examines(world, statements):
    decisions = given.adopted(world)
    granted = [one for one in decisions if one.outcome is DecisionOutcome.FUNDED]
    with transaction(SYSTEM) as tx:
        holders = {
            one.application_id: tx.session.get_one(Application, one.application_id).organisation_id
            for one in decisions
        }
    funded, refused = granted[0].application_id, decisions[-1].application_id
    assert note(world.officer, funded) is None  # its own grant is no second one
    assert note(world.officer, refused) is None
    pair(holders[funded], holders[refused])
    assert note(world.officer, refused) == doubles.ALIKE
    assert note(world.auditor, refused) == doubles.ALIKE
    assert note(world.holder, refused) is None
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        moved = text("UPDATE application SET state = 'withdrawn', organisation_id = :holder WHERE id = :id")
        tx.session.execute(moved, {"holder": holders[funded], "id": refused})
    assert note(world.officer, refused) == doubles.SAME
    for keys in ([holders[funded]], list(holders.values())):
        with transaction(SYSTEM) as tx, statements() as sql:
            found = doubles.funded(tx, keys)
        assert len(sql) == 2
        assert found[holders[funded]][0].amount_centimes == granted[0].amount_centimes


def test_the_link_is_on_the_officer_s_page(client, world):
    decisions = given.adopted(world)
    funded, refused = decisions[0].application_id, decisions[-1].application_id
    with transaction(SYSTEM) as tx:
        keys = [tx.session.get_one(Application, one).organisation_id for one in (funded, refused)]
    pair(*keys)
    page = client("officer").get(f"/das/applications/{refused}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "Double financement à vérifier" in page.text
