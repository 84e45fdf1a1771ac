"""A blind panel and an open one: what each shows, and that what is hidden changes no byte of an answer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from backend.applications.models import Application
from backend.calls.callfile import read
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from backend.files.models import StoredFile
from backend.people.models import Member, Organisation, Person, Representative
from backend.reviews import commands
from backend.reviews.models import Assignment, FieldNote, NoteKind
from backend.reviews.schemas import FieldNoteIn
from backend.web import middleware
from tests.applications.given import CONTENT as FILED
from tests.applications.test_viability import PLAN
from tests.files.given import pdf
from tests.reviews import given

HTML = {"accept": "text/html"}
NOW = datetime.now(UTC)
MEMBER = "Zahra Oubella"
HIDDEN = (
    "Tifaout", "تيفاوت", MEMBER, "Fatima Aït Lahcen", "rue du Souk", "statuts-tifaout", "RC-778",
    "Responsable Zahra",
)  # fmt: skip


def _judged(world: Any, *, blind: bool) -> UUID:
    """An eligible dossier of Tifaout's full of what names her; a call whose panel is blind or open."""
    grid = read(given.CALLS / "agadir-2023.yaml").as_json()["grid"]
    assert isinstance(grid, dict)
    given.a_call(world, grid=grid | {"blind": blind, "viability": "at_once"})
    (dossier,) = given.eligible(world)
    file = uuid4()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        organisation = tx.session.get_one(Organisation, world.tifaout)
        organisation.register_number, organisation.created_on = "RC-778", date(2019, 5, 2)
        tx.session.add(
            StoredFile(
                id=file, name="statuts-tifaout.pdf", media_type="application/pdf", size=3, sha256="a" * 64,
                created_by=world.holder.id, created_at=tx.now,
            )
        )  # fmt: skip
        tx.session.flush()
        content = FILED | {
            "plan": PLAN,
            "location": FILED["location"] | {"address": "12, rue du Souk"},
            "documents": {"provided": [_provided(str(file))]},
        }
        row = update(Application).where(Application.id == dossier)
        tx.session.execute(row.values(content=content))
    world.file = file
    with transaction(world.officer) as tx:
        note = FieldNoteIn(
            kind=NoteKind.VISIT, held_on=date(2024, 1, 2), present="Responsable Zahra", words="Presse vue."
        )
        world.note = commands.write_note(tx, dossier, note).id
    return dossier


def _provided(file: str, name: str = "statuts-tifaout.pdf") -> dict[str, Any]:
    return {"code": "legal-file", "file": file, "name": name, "size": 3, "media_type": "application/pdf"}


def _answers(world: Any, client: Any, made: Assignment) -> dict[str, str]:
    """Everything that she is told, by address: the same instant for all."""
    browser, found = client("evaluator"), {}
    review, dossier = made.id, made.application_id
    paths = [
        "/", "/reviews", f"/reviews/{review}", f"/reviews/{review}/viability", f"/field-notes/{dossier}",
        "/sessions", "/me", "/messages", f"/evaluators/{world.evaluator.id}", f"/applications/{dossier}",
        f"/das/applications/{dossier}", f"/das/calls/{world.call}/ranking",
        f"/das/calls/{world.call}/assignments", f"/das/calls/{world.call}/panel", "/das/ties",
        "/api/v1/assignments?mine=true", f"/api/v1/assignments/{review}",
        f"/api/v1/assignments/{review}/dossier", f"/api/v1/assignments/{review}/viability",
        f"/api/v1/assignments/{review}/beside", f"/api/v1/applications/{dossier}/field-notes",
        f"/api/v1/field-notes/{world.note}", f"/api/v1/applications/{dossier}",
        "/api/v1/applications?q=tifaout",
        f"/api/v1/organisations/{world.tifaout}", "/api/v1/organisations?q=tifaout", "/api/v1/suspected-ties",
        f"/api/v1/calls/{world.call}/ranking", f"/api/v1/events?subject_id={dossier}",
        f"/reviews/{review}/documents/{world.file}",
    ]  # fmt: skip
    with patch.object(middleware, "arriving", partial(arriving, at=NOW)):
        for path in paths:
            for lang in ("fr",) if path.startswith("/api/") else ("fr", "ar"):
                headers = {"accept-language": lang} | ({} if "/api/" in path else HTML)
                answer = browser.get(path, headers=headers)
                assert answer.status_code < 500, path
                told = {k: v for k, v in answer.headers.items() if k in ("content-disposition", "etag")}
                found[f"{lang} {path}"] = f"{answer.status_code} {told} {answer.text}"
    return found


@pytest.fixture
def _bytes() -> Iterator[None]:
    """The file's bytes, whatever it is called."""
    from backend.files import queries

    with patch.object(queries, "opened", lambda _file: iter([pdf()])):
        yield


def _renamed(world: Any, dossier: UUID) -> None:
    """Somebody else files the very same project: nothing else changes."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        organisation = tx.session.get_one(Organisation, world.tifaout)
        organisation.name = {"fr": "Coopérative Imouzzer", "ar": "تعاونية إموزار"}
        organisation.register_number, organisation.created_on = "ZZ-1", date(2019, 11, 30)
        for member in tx.session.scalars(select(Member).where(Member.organisation_id == world.tifaout)):
            member.name, member.birth_year = f"Autre {member.position}", 1970
        acting = select(Representative.person_id).where(Representative.organisation_id == world.tifaout)
        for person in tx.session.scalars(select(Person).where(Person.id.in_(acting))):
            person.name, person.phone = "Autre personne", "+212600000099"
        application = tx.session.get_one(Application, dossier)
        content = dict(application.content)
        content["location"] = content["location"] | {"address": "99, avenue Hassan II"}
        content["documents"] = {"provided": [_provided(str(world.file), "imouzzer.pdf")]}
        application.content = content
        tx.session.get_one(StoredFile, world.file).name = "imouzzer.pdf"
        tx.session.execute(update(FieldNote).where(FieldNote.id == world.note).values(present="Autre"))


@pytest.mark.usefixtures("_bytes")
@pytest.mark.parametrize("state", ["assigned", "open", "seen", "signed"])
def test_a_blind_panel_learns_nothing_of_who_files(world: Any, client: Any, state: str) -> None:
    dossier = _judged(world, blind=True)
    made = _until(world, state, dossier)
    before = _answers(world, client, made)
    for path, said in before.items():
        assert not [word for word in HIDDEN if word in said], path
    _renamed(world, dossier)
    after = _answers(world, client, made)
    assert [path for path in before if before[path] != after[path]] == []


def _until(world: Any, state: str, dossier: UUID) -> Assignment:
    if state == "assigned":
        return given.assigned(world, "evaluator", application_id=dossier)[0]
    if state == "signed":
        given.signed(world, "second", dossier)
        return given.signed(world, "evaluator", dossier)
    made = given.opened(world, "evaluator", dossier)
    if state == "seen":
        with transaction(world.evaluator) as tx:
            commands.see_viability(tx, made.id)
    return made


@pytest.mark.usefixtures("_bytes")
def test_an_open_panel_is_told(world: Any, client: Any) -> None:
    dossier = _judged(world, blind=False)
    made = _until(world, "open", dossier)
    found = _answers(world, client, made)
    page = found[f"fr /reviews/{made.id}"]
    assert all(word in page for word in ("Coopérative Tifaout", "rue du Souk", "statuts-tifaout", "RC-778"))
    assert "Responsable Zahra" in page
    assert "1 fichier n’a pas été analysé par un antivirus." in page
    assert "Coopérative Tifaout" in found["fr /reviews"]
    assert "statuts-tifaout" in found[f"fr /reviews/{made.id}/documents/{world.file}"]
    told = client("evaluator").get(f"/api/v1/assignments/{made.id}/dossier").json()
    assert (told["blind"], told["organisation"]["fr"]) == (False, "Coopérative Tifaout")


def test_colleagues_marks_once_she_has_signed(world: Any, client: Any) -> None:
    dossier = _judged(world, blind=False)
    given.signed(world, "second", dossier, 4)
    mine = given.opened(world, "evaluator", dossier)
    path, browser = f"/api/v1/assignments/{mine.id}/beside", client("evaluator")
    assert browser.get(path).json() == {"items": []}
    assert "évaluations de vos collègues" not in browser.get(f"/reviews/{mine.id}").text
    with transaction(world.evaluator) as tx:
        saved = commands.save(tx, mine.id, given.marks(2), {}, None)
        commands.sign(tx, mine.id, saved.version)
    (one,) = browser.get(path).json()["items"]
    assert (one["total_hundredths"], one["marks"]["impact"]) == (10_000, 4)
    page = browser.get(f"/reviews/{mine.id}").text
    assert "évaluations de vos collègues" in page
    assert "100,00 / 100" in page
    with transaction(world.officer) as tx:
        commands.reopen(tx, mine.id, "À revoir", None)
    assert browser.get(path).json() == {"items": []}


def test_a_blind_panel_never_sees_colleagues_marks(world: Any, client: Any) -> None:
    dossier = _judged(world, blind=True)
    given.signed(world, "second", dossier, 4)
    mine = given.signed(world, "evaluator", dossier, 2)
    assert client("evaluator").get(f"/api/v1/assignments/{mine.id}/beside").json() == {"items": []}


def test_her_own_note_still_says_who_was_there(world: Any, client: Any) -> None:
    dossier = _judged(world, blind=True)
    given.opened(world, "evaluator", dossier)
    with transaction(world.evaluator) as tx:
        mine = FieldNoteIn(kind=NoteKind.VISIT, held_on=date(2024, 1, 3), present="Khadija", words="Vue.")
        note = commands.write_note(tx, dossier, mine)
    page = client("evaluator").get(f"/field-notes/{dossier}").text
    assert "Khadija" in page
    assert "Responsable Zahra" not in page
    assert "Responsable Zahra" in client("officer").get(f"/field-notes/{dossier}").text
    assert client("evaluator").get(f"/api/v1/field-notes/{note.id}").json()["present"] == "Khadija"
