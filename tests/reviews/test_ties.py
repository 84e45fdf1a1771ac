"""Ties that the platform suspects: found, avoided, asked of her, decided; nobody else learns."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people.models import Accompaniment, Interest, Member, Person, Representative
from backend.reviews import commands, queries
from backend.reviews.models import AssignmentState, HomeCommune, SuspectedTie
from tests.reviews import given
from tests.reviews.test_commands import events, refused
from tests.world import COMMUNE, HERE

API = "/api/v1"
HTML = {"accept": "text/html"}


def is_called(world: Any, name: str, words: str, commune: str | None = COMMUNE) -> None:
    """That one of the cast has this name, and comes from there."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        who = world.people[name].id
        tx.session.execute(update(Person).where(Person.id == who).values(name=words))
        if commune:
            tx.session.add(HomeCommune(person_id=who, commune_code=commune, declared_at=tx.now))


def has_member(organisation_id: UUID, words: str) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        member = tx.session.scalars(
            select(Member).where(Member.organisation_id == organisation_id).order_by(Member.position).limit(1)
        ).one()
        member.name = words


def ties() -> list[SuspectedTie]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(SuspectedTie).order_by(SuspectedTie.id)))


def alike(world: Any, name: str = "third", count: int = 1) -> UUID:
    """A dossier of Tifaout, of which a member has the family name of this evaluator, from its commune."""
    is_called(world, name, "Omar Aït Lahcen")
    has_member(world.tifaout, "فاطمة أيت لحسن")
    return given.eligible(world, count)[0]


def suspected(world: Any, name: str = "third") -> SuspectedTie:
    dossier = alike(world, name)
    given.assigned(world, name, application_id=dossier)
    return ties()[0]


# -- found -----------------------------------------------------------------------------------------------


def test_a_family_name_in_the_same_commune_is_found_when_she_is_assigned(world: Any) -> None:
    tie = suspected(world)
    assert (tie.person_id, tie.organisation_id) == (world.third.id, world.tifaout)
    assert (tie.state, tie.grounds, tie.province_code) == ("to_confirm", ["family"], HERE)
    assert [e.data["grounds"] for e in events("suspected_tie.found")] == [["family"]]


@pytest.mark.parametrize("commune", [None, "09.001.01.01"])
def test_a_namesake_from_elsewhere_or_nobody_knows_where_is_not(world: Any, commune: str | None) -> None:
    is_called(world, "third", "Omar Aït Lahcen", commune)
    has_member(world.tifaout, "فاطمة أيت لحسن")
    given.assigned(world, "third", application_id=given.eligible(world)[0])
    assert ties() == []


def test_who_left_the_list_of_members_is_found_too(world: Any) -> None:
    """Taken off the list before the deposit, her name stays in the trail."""
    from backend.people import commands as people

    is_called(world, "third", "Omar Aït Lahcen")
    has_member(world.tifaout, "فاطمة أيت لحسن")
    with transaction(SYSTEM) as tx:
        gone = tx.session.scalars(select(Member.id).where(Member.name == "فاطمة أيت لحسن")).one()
    with transaction(world.holder) as tx:
        people.remove_member(tx, world.tifaout, gone)
    given.assigned(world, "third", application_id=given.eligible(world)[0])
    assert [(tie.person_id, tie.grounds) for tie in ties()] == [(world.third.id, ["family"])]


def test_what_else_is_found(world: Any) -> None:
    is_called(world, "third", "Omar Aït Lahcen", None)
    has_member(world.tifaout, "AÏT LAHCEN Omar")
    dossier = given.eligible(world, 3)[0]
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            Accompaniment(
                agent_id=world.second.id, organisation_id=world.tifaout, province_code=HERE,
                asked_at=tx.now, since=tx.now, until=tx.now,
            )
        )  # fmt: skip
        third = tx.session.scalars(select(Member.organisation_id).where(Member.name == "Fatima Aït Lahcen"))
        elsewhere = third.first()
        assert elsewhere
        for name in ("evaluator", "holder"):  # both acted for a third organisation
            tx.session.add(
                Representative(
                    organisation_id=elsewhere, person_id=world.people[name].id, since=tx.now, until=tx.now
                )
            )
    for name in ("third", "second", "evaluator"):
        given.assigned(world, name, application_id=dossier)
    found = {tie.person_id: tie.grounds for tie in ties()}
    assert found == {
        world.third.id: ["namesake"],
        world.second.id: ["accompanied"],
        world.evaluator.id: ["same_organisation"],
    }


def test_who_coached_the_holder_is_found(world: Any) -> None:
    from backend.reviews.ties import SOURCES, found
    from tests.coaching import given as plans

    assert "coached" in SOURCES
    plans.planned(world)
    with transaction(SYSTEM) as tx:
        assert found(tx, [world.coach.id], [world.tifaout]) == {(world.coach.id, world.tifaout): ["coached"]}


def test_what_is_certain_is_not_suspected(world: Any) -> None:
    dossier = alike(world)
    given.tied(world, "third", world.tifaout)
    with transaction(world.officer) as tx:
        commands.assign_call(tx, world.call)
    assert ties() == []
    assert dossier


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_the_same_for_any_number(world: Any, statements: Any, count: int) -> None:
    alike(world, count=count)
    with statements() as looking:
        jobs.tick("suspected_ties")
    assert ties()
    assert len(looking) <= 17, len(looking)


def test_the_night_raises_again_what_was_dismissed_without_knowing(world: Any) -> None:
    tie = suspected(world)
    with transaction(world.officer) as tx:
        commands.dismiss(tx, tie.id, "Familles différentes")
    jobs.tick("suspected_ties")
    assert ties()[0].state == "dismissed"
    has_member(world.tifaout, "Omar Aït Lahcen")
    jobs.tick("suspected_ties")
    (again,) = ties()
    assert (again.state, again.grounds, again.reason) == ("to_confirm", ["family", "namesake"], None)


# -- sharing out -----------------------------------------------------------------------------------------


def test_sharing_out_goes_round_a_tie_to_confirm(world: Any) -> None:
    alike(world)
    with transaction(world.officer) as tx:
        done = commands.assign_call(tx, world.call)
        assert world.third.id not in {one.evaluator_id for one in done.created}
        assert done.doubtful == []


def test_where_nobody_else_is_free_it_is_given_and_said(world: Any, client: Any) -> None:
    alike(world)
    for name in ("second", "conflicted"):
        given.tied(world, name, world.tifaout)
    done = client("officer").post(f"{API}/assignments/share", json={"call_id": str(world.call)}).json()
    (doubtful,) = [one for one in done["created"] if one["evaluator_id"] == str(world.third.id)]
    assert done["doubtful"] == [doubtful["id"]]
    assert done["shortfalls"] == []


# -- deciding --------------------------------------------------------------------------------------------


def test_confirmed_it_becomes_a_tie_and_somebody_else_reads(world: Any) -> None:
    tie = suspected(world)
    with transaction(world.officer) as tx:
        commands.confirm(tx, tie.id, "Sa cousine préside la coopérative")
    jobs.drain()
    with transaction(SYSTEM) as tx:
        interest = tx.session.scalars(select(Interest)).one()
        assert (interest.person_id, interest.organisation_id) == (world.third.id, world.tifaout)
        readers = {a.evaluator_id: a.state for a in queries.listed(tx, call_id=world.call).items}
    assert readers.pop(world.third.id) is AssignmentState.RECUSED
    assert set(readers.values()) == {AssignmentState.ASSIGNED}
    with transaction(world.officer) as tx, refused("wrong_state", 409):
        commands.dismiss(tx, tie.id, "Finalement non")


def test_declared_by_herself_there_is_nothing_left_to_decide(world: Any) -> None:
    tie = suspected(world)
    with transaction(SYSTEM) as tx:
        (mine,) = queries.listed(tx, evaluator_id=world.third.id).items
    with transaction(world.third) as tx:
        commands.declare(tx, mine.id, True, "Ma tante", None)
    jobs.drain()
    assert (ties()[0].state, ties()[0].decided_by) == ("confirmed", world.third.id)
    assert tie.id == ties()[0].id


def test_dismissed_with_a_reason(world: Any, client: Any) -> None:
    tie = suspected(world)
    officer = client("officer")
    path = f"{API}/suspected-ties/{tie.id}"
    assert officer.get(path).json()["grounds"] == ["family"]
    assert officer.post(f"{path}/dismiss", json={"reason": ""}).status_code == 422
    assert officer.post(f"{path}/dismiss", json={"reason": " "}).status_code == 422
    done = officer.post(f"{path}/dismiss", json={"reason": "Deux familles"}).json()
    assert (done["state"], done["reason"]) == ("dismissed", "Deux familles")
    assert officer.post(f"{path}/confirm", json={"reason": "Si"}).json()["code"] == "wrong_state"
    assert officer.get(f"{API}/suspected-ties?state=dismissed").json()["items"] == [done]
    assert officer.get(f"{API}/suspected-ties?state=to_confirm").json()["items"] == []
    assert len(officer.get(f"{API}/suspected-ties?call_id={world.call}").json()["items"]) == 1


@pytest.mark.parametrize("name", ["evaluator", "third", "chair", "holder", "stranger", "agent", "coach"])
def test_nobody_else_learns_of_it(world: Any, client: Any, name: str) -> None:
    tie = suspected(world)
    browser = client(name)
    assert browser.get(f"{API}/suspected-ties").json()["items"] == []
    for verb in ("", "/confirm", "/dismiss"):
        method = "POST" if verb else "GET"
        answer = browser.request(method, f"{API}/suspected-ties/{tie.id}{verb}", json={"reason": "x"})
        assert answer.status_code == 404
    assert browser.get(f"/das/ties/{tie.id}", headers=HTML).status_code == 404


def test_an_auditor_reads_and_decides_nothing(world: Any, client: Any) -> None:
    tie = suspected(world)
    auditor = client("auditor")
    assert auditor.get(f"{API}/suspected-ties/{tie.id}").status_code == 200
    assert auditor.post(f"{API}/suspected-ties/{tie.id}/confirm", json={"reason": "x"}).status_code == 403


def test_an_officer_tied_to_the_holder_learns_nothing_of_it(world: Any, client: Any) -> None:
    tie = suspected(world)
    given.tied(world, "officer", world.tifaout)
    officer = client("officer")
    assert officer.get(f"{API}/suspected-ties").json()["items"] == []
    assert officer.get(f"{API}/suspected-ties/{tie.id}").status_code == 404
    with transaction(world.officer) as tx:
        assert queries.board(tx, world.call).ties == 0


# -- asked of her ----------------------------------------------------------------------------------------


def test_she_is_asked_about_it_and_about_nothing_else(world: Any, client: Any) -> None:
    suspected(world)
    with transaction(SYSTEM) as tx:
        (mine,) = queries.listed(tx, evaluator_id=world.third.id).items
    page = client("third").get(f"/reviews/{mine.id}").text
    assert "vous avez le même nom de famille" in page
    (other,) = given.assigned(world, "second", application_id=mine.application_id)
    assert "même nom de famille" not in client("second").get(f"/reviews/{other.id}").text


def test_what_names_say_across_commits_is_one_row(world: Any) -> None:
    dossier = alike(world)
    given.assigned(world, "third", application_id=dossier)
    jobs.tick("suspected_ties")
    with transaction(world.officer) as tx:
        commands.assign_call(tx, world.call)
    assert len(ties()) == 1
    with pytest.raises(Problem):
        given.assigned(world, "third", application_id=dossier)


def test_deciding_on_a_tie_says_that_its_reason_is_required(world: Any, client: Any) -> None:
    tie = suspected(world)
    page = client("officer").get(f"/das/ties/{tie.id}", headers=HTML).text
    assert page.count("votre raison est conservée") == 2
    assert "a-t-il ou a-t-elle" not in page
