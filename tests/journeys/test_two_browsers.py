"""A session in two browsers at once: whoever runs it, and a member who is recused on the file."""

from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend.applications.models import Application
from backend.committees import queries, sessions
from backend.committees.models import ItemKind, Motion
from backend.committees.sessions.agenda import Point
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions import commands
from backend.decisions.models import Decision
from tests.decisions import given
from tests.journeys.site import Site
from tests.reviews import given as reviews

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]
TITLE = {"fr": "La coopérative Tifaout présente son projet", "ar": "تعاونية تيفاوت تعرض مشروعها"}


def prepared(site: Site) -> tuple[UUID, UUID]:
    """A session with everybody there, a file on which one member is recused; (it, the file's motion)."""
    world = site.world
    reviews.tied(world, "conflicted", world.tifaout)
    given.put(world)
    with transaction(SYSTEM) as tx:
        asked = select(Decision.motion_id, Application.id).join(
            Application, Application.id == Decision.application_id
        )
        motion, file = tx.session.execute(asked.where(Application.organisation_id == world.tifaout)).one()
    with transaction(world.officer) as tx:
        sessions.add_item(tx, world.session, Point(ItemKind.PRESENTATION, TITLE, file))
    return UUID(str(world.session)), motion


def test_the_file_is_before_everybody_but_her(site: Site) -> None:
    session, motion = prepared(site)
    world, here = site.world, f"/sessions/{session}"
    chair = site.reader("chair")
    hers = site.reader("conflicted")
    hers.goes_to(f"{here}/live").sees("Aucun point n’est appelé")
    chair.goes_to(here).sees(TITLE)
    chair.presses("Passer à ce point")
    # her page renews itself; it says that there is something, and nothing of what it is
    expect(hers.page.locator("#now")).to_contain_text("masqué pour vous", timeout=15_000)
    hers.does_not_see(TITLE).does_not_see("Tifaout").is_well()
    chair.goes_to(f"{here}/live").sees(TITLE)
    chair.sees("Quorum sur ce point, sans les membres récusés : {present} sur {needed}.", present=4, needed=3)
    ballot = {"motion": str(motion), f"seat.{world.seats['conflicted']}": "for"}
    answer = hers.context.request.post(f"{site.base}{here}/vote", form=ballot, headers={"origin": site.base})
    assert answer.status == 409
    assert "récus" in answer.text()

    _voted(site, session)
    chair.goes_to(here).presses("Lever la séance")
    chair.follows("Procès-verbal").sees("Tifaout").is_well()
    hers.goes_to(f"{here}/minutes").sees("Extrait du procès-verbal").does_not_see("Tifaout").is_well()
    site.reads("officer", "ar")
    officer = site.reader("officer", "ar", phone=True)
    officer.goes_to(f"{here}/minutes").sees("Procès-verbal").sees("Présences et quorum").is_well()
    officer.goes_to(here).is_well()


def _voted(site: Site, session: UUID) -> None:
    """The others vote, each her own, and the motions are closed."""
    with transaction(SYSTEM) as tx:
        motions = tx.session.scalars(select(Motion.id).where(Motion.session_id == session)).all()
    for one in motions:
        given.voted(site.world, one, ("chair", "evaluator", "second"))
        with transaction(site.world.officer) as tx:
            commands.close_vote(tx, one)
    with transaction(site.world.officer) as tx:
        item = queries.agenda(tx, session)[0]
        sessions.finish_item(tx, session, item.id, "Présentation entendue.")
