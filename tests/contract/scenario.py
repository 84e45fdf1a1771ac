"""A province with one of everything, and a way to ask the whole application as any one of the cast.

Every object is known by a name (`application_eligible`) that cases of the matrix refer to. Nothing that is
asked stays: each request runs inside a savepoint that is rolled back.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

import anyio.from_thread
import pytest
from sqlalchemy import Connection, select, update
from starlette.testclient import TestClient

from backend.core.actor import SYSTEM
from backend.core.clock import DemoClock, arriving
from backend.core.db import Base
from backend.core.tx import Tx, transaction
from backend.files import store
from backend.people.authentication import COOKIE, new_secret
from tests.seals.given import sealed
from tests.world import CAST, PASSWORD, World, application, build

NOBODY = "nobody"
PERSONAS = (NOBODY, *CAST)


@dataclass
class Scenario:
    """The objects by name; `version[name]` is the ETag of those that have one."""

    world: World
    connection: Connection
    files: Any  # the store that has theirs
    made_at: datetime
    client: TestClient
    objects: dict[str, str] = field(default_factory=dict)
    version: dict[str, int] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    known: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.objects[name]

    def keep(self, name: str, row: Any) -> None:
        """Remember a row (or an id) under a name."""
        self.objects[name] = str(getattr(row, "id", row))

    def ask(self, persona: str, method: str, path: str, **options: Any) -> Any:
        """The answer to this one of the cast; what she changed is undone."""
        with self.undone():
            return self.send(persona, method, path, **options)

    def send(self, persona: str, method: str, path: str, **options: Any) -> Any:
        """The same, kept until the end of the test."""
        headers = {"accept": "application/json" if path.startswith("/api/") else "text/html"}
        headers["accept-encoding"] = "identity"
        headers |= options.pop("headers", {})
        self.client.cookies.clear()
        if persona in self.cookies:
            headers["cookie"] = f"{COOKIE}={self.cookies[persona]}"
        return self.client.request(method, path, headers=headers, follow_redirects=False, **options)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens inside is rolled back, and the savepoint with it: one left for each of thousands of
        requests would fill the database's table of locks."""
        self.connection.exec_driver_sql("SAVEPOINT asked")
        try:
            yield
        finally:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT asked")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT asked")


def staged(connection: Connection) -> Scenario:
    """The scenario, made in the transaction of `connection`, which `db.bind` must already give."""
    client = TestClient(application(), raise_server_exceptions=False)
    scenario = Scenario(build(), connection, store._store.__wrapped__(), datetime.now(UTC), client)
    with _unthrottled(), _filed(scenario):
        _sign_in(scenario)
        for stage in (
            _people,
            _calls,
            _reviews,
            _files,
            _session,
            _appeals,
            _conditions,
            _information,
            _after,
            _messages,
            _desk,
            _agents,
            _code,
        ):
            stage(scenario)
        sealed()
        _versions(scenario)
    return scenario


@contextmanager
def played(stage: Scenario) -> Iterator[Scenario]:
    """A copy to be asked; `db.bind` must already give the stage's connection, in a transaction."""
    made = replace(
        stage, objects=dict(stage.objects), version=dict(stage.version), known={}, world=stage.world.again()
    )
    # its codes live ten minutes: the hour stands where it was made
    stage.connection.execute(update(DemoClock).values(ahead=stage.made_at - datetime.now(UTC)))
    with _unthrottled(), _filed(stage), anyio.from_thread.start_blocking_portal() as portal:
        made.client.portal = portal  # one event loop for all, without the lifespan (it would offer jobs)
        yield made


@contextmanager
def _filed(s: Scenario) -> Iterator[None]:
    """Its files are in a store of its own, which no other test forgets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_store", cache(lambda: s.files))
        yield


@contextmanager
def _unthrottled() -> Iterator[None]:
    """Attempts are not counted: the store outlives the savepoints."""
    from backend.people import throttle

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(throttle, "attempt", lambda *_: None)
        patch.setattr(throttle, "forget", lambda *_: None)
        yield


def _sign_in(s: Scenario) -> None:
    from backend.people.models import SignIn

    with _system() as tx:
        now = datetime.now(UTC)
        for name, actor in s.world.people.items():
            secret, kept = new_secret()
            s.cookies[name] = secret
            s.keep(name, actor.id)
            tx.session.add(
                SignIn(
                    person_id=actor.id, token_hash=kept, created_at=now, expires_at=now + timedelta(hours=1)
                )
            )


def _people(s: Scenario) -> None:
    from backend.people import identities
    from backend.people.models import AccessToken, Lookalike, Member, Person, RoleGrant
    from backend.people.pages.members import sealed
    from backend.people.passwords import hash_password

    s.keep("organisation", s.world.tifaout)
    s.keep("committee", s.world.committee)
    s.keep("seat", s.world.seats["third"])
    s.keep("chair_seat", s.world.seats["chair"])
    with _system() as tx:
        if tx.session.get(DemoClock, 1) is None:
            tx.session.add(DemoClock(id=1, ahead=timedelta()))
        now = datetime.now(UTC)
        token = AccessToken(
            person_id=s.world.holder.id,
            name="tableur",
            token_hash="0" * 64,
            scopes=["*.read"],
            created_at=now,
            expires_at=now + timedelta(days=9),
        )
        tx.session.add(token)
        tx.session.flush()
        s.keep("token", token)
        held = select(RoleGrant).where(RoleGrant.person_id == s.world.holder.id)
        s.keep("grant", tx.session.scalars(held).one())
        members = select(Member).where(Member.organisation_id == s.world.tifaout).order_by(Member.position)
        member = tx.session.scalars(members.limit(1)).one()
        s.keep("member", member)
        identities.keep(member, "JB123456")
        print_ = hash_password(PASSWORD)
        for name in ("coach", "officer"):
            tx.session.get_one(Person, s.world.people[name].id).password_hash = print_
        first, second = sorted((s.world.tifaout, s.world.rival_cooperative))
        pair = Lookalike(
            first_id=first, second_id=second, grounds=["register_number"], closeness=0, found_at=tx.now
        )
        tx.session.add(pair)
        tx.session.flush()
        s.keep("lookalike", pair)
    rows = [["Nom", "Sexe", "Naissance"], ["Nouvelle Membre", "F", 1990]]
    s.objects["roster"] = sealed(rows, s.world.tifaout, s.world.holder)


def _calls(s: Scenario) -> None:
    from tests.applications import given as applications
    from tests.calls import given as calls
    from tests.calls.test_questions import asked

    opened = {name: calls.published(s.world, code=f"agadir-{name}") for name in ("a", "b", "c", "d")}
    s.keep("call", opened["a"])
    s.keep("call_draft", calls.draft(s.world, code="agadir-draft"))
    s.keep("call_new", calls.published(s.world, code="agadir-new"))
    _erratum(s, calls.published(s.world, code="agadir-erratum"))
    s.objects["call_code"] = opened["a"].code
    s.keep("question", asked(s.world, opened["a"]))
    s.keep("application", applications.draft(s.world, opened["a"]))
    filled = applications.filled(s.world, opened["b"])
    s.keep("application_filled", filled)
    s.keep("change", applications.changed(s.world, filled))
    submitted = applications.submitted(s.world, opened["c"])
    s.keep("call_submitted", opened["c"])
    s.keep("application_submitted", submitted)
    s.objects["receipt"] = str(submitted.receipt_code)
    s.keep("application_refusable", applications.submitted(
        s.world, opened["d"],
        financing={"indh_centimes": 31_000_000, "own_cash_centimes": 9_000_000, "own_in_kind_centimes": 0},
    ))  # fmt: skip

    _deposits(s)


def _erratum(s: Scenario, call: Any) -> None:
    """A published call with an erratum in preparation."""
    from backend.calls.editor import draft, erratum

    with transaction(s.world.officer) as tx:
        text = erratum.begin(tx, call.id).source.replace("appeal_days: 30", "appeal_days: 45")
        s.version["erratum_text"] = draft.save(tx, call.id, text).version
    s.keep("call_erratum", call)


def _deposits(s: Scenario) -> None:
    """A dossier changed since its deposit, one sent back, one that an officer types for its holder."""
    from backend.applications import assistance, commands
    from backend.applications.schemas import SECTIONS
    from backend.people.models import Organisation
    from tests.applications import given as applications
    from tests.calls import given as calls

    opened = {name: calls.published(s.world, code=f"agadir-{name}") for name in ("changed", "sent", "typed")}
    made = applications.submitted(s.world, opened["changed"])
    other = SECTIONS["project"].model_validate(applications.CONTENT["project"] | {"title": "Autre titre"})
    with transaction(s.world.holder) as tx:
        commands.save_section(tx, made.id, "project", other, made.version)
    s.keep("application_changed", made)
    sent = applications.submitted(s.world, opened["sent"])
    with transaction(s.world.officer) as tx:
        returned = commands.ask_completion(tx, sent.id, ["project"])
    with transaction(s.world.holder) as tx:
        commands.save_section(tx, sent.id, "project", other, returned.version)
    s.keep("application_returned", sent)
    with transaction(s.world.officer) as tx:
        typed = commands.create(tx, opened["typed"].id, s.world.tifaout)
        whole = applications.content(documents=applications.documents(opened["typed"]))
        typed = applications.fill(tx, typed, whole)  # a code confirms a complete dossier
    s.keep("application_typed", typed)
    s.keep("call_assist", calls.published(s.world, code="agadir-assist"))
    with _system() as tx:
        tx.session.get_one(Organisation, s.world.tifaout).phone = "+212600000017"
    with transaction(s.world.officer) as tx:
        assistance.ask_code(tx, typed.id)


def _files(s: Scenario) -> None:
    """A file of the holder's draft, the upload that it came by; one of a dossier that is judged."""
    from backend.applications import documents
    from backend.applications.models import Application, Assistance
    from backend.files import commands, intake
    from backend.files.models import Upload
    from tests.files import given as files

    with intake.joined([files.pdf()]) as whole:
        kept = intake.keep(whole, "statuts.pdf")
    with transaction(s.world.holder) as tx:
        upload = commands.begin(tx, "statuts.pdf", kept.size)
        upload.received = upload.size
        file = commands.complete(tx, upload.id, kept)
        documents.attach(tx, UUID(s["application"]), "legal-file", [file.id])
    s.keep("upload", upload)
    s.keep("file", file)
    item = {"code": "legal-file", "file": str(file.id), "name": file.name, "sha256": file.sha256}
    with _system() as tx:
        judged = tx.session.get_one(Application, UUID(s["application_eligible"]))
        judged.content = {**judged.content, "documents": {"provided": [item]}}
        sheet = update(Assistance).values(sheet_file_id=file.id)
        tx.session.execute(sheet.where(Assistance.application_id == UUID(s["application_typed"])))
        assert tx.session.get_one(Upload, upload.id).file_id


def _reviews(s: Scenario) -> None:
    from backend.reviews import commands
    from tests.reviews import given as reviews

    s.keep("call_review", reviews.a_call(s.world, "agadir-reviews"))
    judged, rivals, other = reviews.eligible(s.world, 3)
    s.keep("application_eligible", judged)
    s.keep("application_unassigned", other)
    s.keep("application_rivals", rivals)
    s.keep("assignment", reviews.opened(s.world, "evaluator", judged))
    s.keep("assignment_signed", reviews.signed(s.world, "third", judged))
    with transaction(s.world.third) as tx:
        commands.see_viability(tx, UUID(s["assignment_signed"]))
    (fresh,) = reviews.assigned(s.world, "second", application_id=judged)
    s.keep("assignment_fresh", fresh)
    (recused,) = reviews.assigned(s.world, "conflicted", application_id=judged)
    with transaction(s.world.conflicted) as tx:
        commands.declare(tx, recused.id, True, "Ma sœur préside", recused.version)
    s.keep("assignment_recused", recused)
    with transaction(s.world.evaluator) as tx:
        commands.save(tx, UUID(s["assignment"]), reviews.marks(3), {"impact": "Solide."}, None)
    _around_reviews(s, judged)


def _around_reviews(s: Scenario, judged: UUID) -> None:
    """A note of a visit, a tie to confirm, a dossier taken back, one on which the readers disagree."""
    from backend.reviews import commands
    from backend.reviews.models import SuspectedTie
    from backend.reviews.schemas import FieldNoteIn
    from tests.reviews import given as reviews
    from tests.world import HERE

    said = FieldNoteIn(kind="visit", held_on=datetime.now(UTC).date(), words="Le local est prêt.")
    with transaction(s.world.evaluator) as tx:
        s.keep("note", commands.write_note(tx, judged, said))
        commands.know(tx, s.world.evaluator.id, ["argan"], None)
    with _system() as tx:
        tie = SuspectedTie(
            person_id=s.world.second.id, organisation_id=s.world.tifaout, province_code=HERE,
            grounds=["family"], found_at=tx.now,
        )  # fmt: skip
        tx.session.add(tie)
        tx.session.flush()
        s.keep("tie", tie)
    s.keep("call_apart", reviews.a_call(s.world, "agadir-apart"))
    (apart,) = reviews.eligible(s.world, 1)
    for name, level in (("evaluator", 4), ("third", 0)):
        reviews.signed(s.world, name, apart, level)
    s.keep("application_apart", apart)


def _sittings(s: Scenario) -> None:
    """A session to come with its agenda, one without quorum at its hour, one that lapsed, one adjourned."""
    from backend.committees import sessions
    from backend.committees.models import ItemKind, MotionKind
    from backend.committees.sessions.agenda import Point
    from tests.committees import given as committees

    soon = datetime.now(UTC) + timedelta(days=20)
    words = {"fr": "Suivi", "ar": "تتبع"}
    s.keep("session_future", committees.session(s.world, soon))
    s.keep("session_empty", committees.session(s.world))
    s.keep("session_lapsed", committees.lapsed(s.world))
    s.keep("session_adjourned", committees.open_session(s.world))
    s.keep("session_point", committees.open_session(s.world))
    with transaction(s.world.officer) as tx:
        for name in ("session_future", "session_point"):
            item = sessions.add_item(tx, UUID(s[name]), Point(ItemKind.INFORMATION, words))
            s.keep(f"item_{name}", item)
        sessions.adjourn_session(tx, UUID(s["session_adjourned"]), soon)
        sessions.take_attendance(tx, UUID(s["session_adjourned"]), committees.everyone(s.world), None)
        s.keep(
            "motion_free", sessions.open_motion(tx, UUID(s["session_point"]), words, kind=MotionKind.OTHER)
        )


def _dialogue(s: Scenario) -> None:
    """Questions: a draft, an open one, one whose hours are over, one concluded; an action; an end."""
    from backend.committees import commands, orders
    from backend.committees.dialogue import actions, consulting
    from backend.committees.dialogue.schemas import ActionIn, ConsultationIn, ContributionIn
    from backend.files import intake
    from tests.files import given as files

    def kept() -> intake.Kept:
        return intake.keep(BytesIO(files.pdf()), "papier.pdf")

    now = datetime.now(UTC)
    words = {"fr": "Où ouvrir", "ar": "مكان السوق"}
    days = {"draft": (-1, 9), "open": (-1, 9), "over": (-9, -1), "concluded": (-9, -2)}
    for name, (first, last) in days.items():
        asked = ConsultationIn(
            question=words,
            context=words,
            opens_at=now + timedelta(days=first),
            closes_at=now + timedelta(days=last),
        )
        with arriving(at=now - timedelta(days=8)), transaction(s.world.officer) as tx:
            made = consulting.create_consultation(tx, s.world.committee, asked)
            if name != "draft":
                consulting.publish_consultation(tx, made.id)
        s.keep(f"consultation_{name}", made)
    open_id = UUID(s["consultation_open"])
    with transaction(s.world.rival) as tx:
        said = ContributionIn(body="Azrou", text="Au nord", shared=True)
        consulting.contribute(tx, open_id, said)
    with transaction(s.world.officer) as tx:
        concluded = consulting.conclude_consultation(tx, UUID(s["consultation_concluded"]), words)
        asked_action = ActionIn(
            committee_id=s.world.committee,
            consultation_id=concluded.id,
            text=words,
            owner_id=s.world.evaluator.id,
            due_on=now.date() + timedelta(days=30),
        )
        s.keep("action", actions.agree_action(tx, asked_action))
        done = actions.agree_action(tx, asked_action)
        s.keep("action_done", actions.settle_action(tx, done.id, "Fait."))
        doc = consulting.add_document(tx, open_id, kept(), words)
        s.keep("consultation_file", doc.file_id)
        made_order = orders.file_order(tx, s.world.committee, kept())
        s.keep("order_file", made_order.order_file_id)
        commands.end_seat(tx, s.world.committee, s.world.seats["conflicted"], now.date() + timedelta(days=90))
        s.keep("seat_ending", s.world.seats["conflicted"])
        tx.session.flush()
        s.keep("consultation_open", tx.session.get_one(type(concluded), open_id))


def _session(s: Scenario) -> None:
    from backend.committees import commands
    from backend.committees.models import BallotBox, Minutes, Motion
    from backend.decisions.models import Decision
    from tests.committees import given as committees
    from tests.decisions import given as decisions
    from tests.reviews import given as reviews
    from tests.reviews import test_seated as seated

    s.keep("call_voted", reviews.a_call(s.world, "agadir-voted"))
    s.keep("motion", decisions.put(s.world, 1)[0])
    s.keep("session", s.world.session)
    s.keep("session_planned", committees.session(s.world))
    with transaction(s.world.officer) as tx:
        commands.take_attendance(tx, UUID(s["session_planned"]), committees.everyone(s.world), None)
    s.keep("session_quiet", committees.open_session(s.world))
    _sittings(s)
    _dialogue(s)
    s.keep("motion_plain", committees.motion(s.world, UUID(s["session"])))
    secret = committees.motion(s.world, UUID(s["session"]))
    s.keep("motion_secret", secret)
    with _system() as tx:
        tx.session.get_one(Motion, secret.id).secret = True
        tx.session.add(BallotBox(motion_id=secret.id))
        s.keep("decision", tx.session.scalars(select(Decision)).first())
    for name in ("told", "public"):
        s.keep(f"call_{name}", reviews.a_call(s.world, f"agadir-{name}"))
        decisions.adopted(s.world, 1)
    decisions.published(s.world)
    s.objects["call_public_code"] = "agadir-public"
    s.keep("call_adopted", reviews.a_call(s.world, "agadir-adopted"))
    adopted = decisions.adopted(s.world, 1)
    s.keep("decision_adopted", next(one for one in adopted if one.call_id == UUID(s["call_adopted"])))
    _letters(s, next(one for one in adopted if one.call_id == UUID(s["call_adopted"])))
    with transaction(s.world.officer) as tx:
        commands.close_session(tx, s.world.session)
    with _system() as tx:
        minutes = tx.session.scalars(select(Minutes).where(Minutes.session_id == s.world.session)).one()
        s.keep("minutes", minutes)
        s.objects["minutes_print"] = minutes.record_sha256
    s.keep("call_proposed", reviews.a_call(s.world, "agadir-proposed"))
    s.keep("by_name", seated.by_name(s.world)[1])
    s.keep("decision_proposed", decisions.proposed(s.world, 1).decisions[0])
    s.keep("session_proposed", s.world.session)
    s.keep("call_carried", reviews.a_call(s.world, "agadir-carried"))
    s.keep("motion_carried", decisions.put(s.world, 1)[0])
    decisions.voted(s.world, UUID(s["motion_carried"]), ("chair", "evaluator", "second"))
    with transaction(s.world.officer) as tx:
        commands.close_motion(tx, UUID(s["motion_carried"]))
    s.keep("call_scored", reviews.a_call(s.world, "agadir-scored"))
    reviews.scored(s.world, 1)


def _letters(s: Scenario, decision: Any) -> None:
    """A letter that left, and one that waits for a person."""
    from backend.applications.models import Application
    from backend.applications.receipts import new_code
    from backend.decisions.letters import content_of
    from backend.decisions.models import Decision, Letter, LetterKind

    with _system() as tx:
        found = tx.session.get_one(Decision, decision.id)
        sent = tx.session.scalars(select(Letter).where(Letter.decision_id == found.id)).one()
        s.keep("letter_code", sent.code)
        application = tx.session.get_one(Application, found.application_id)
        tx.session.refresh(application, ["organisation"])
        tx.session.refresh(found, ["application"])
        waiting = Letter(
            decision_id=found.id,
            application_id=found.application_id,
            call_id=found.call_id,
            province_code=found.province_code,
            kind=LetterKind.LAPSED,
            code=new_code(),
            content=content_of(tx, found, LetterKind.LAPSED),
            content_sha256="0" * 64,
            queued_at=tx.now,
        )
        tx.session.add(waiting)
        tx.session.flush()
        s.keep("letter_queued", waiting)


def _appeals(s: Scenario) -> None:
    """Appeals in each state; a decision that may still be contested."""
    from tests.decisions import appeals_given as appeals
    from tests.reviews import given as reviews

    call, session = s.world.call, s.world.session
    reviews.a_call(s.world, "agadir-appealed")
    for name, key in appeals.in_each_state(s.world).items():
        s.keep(f"appeal_{name}", key)
    s.keep("appeal", s["appeal_filed"])
    reviews.a_call(s.world, "agadir-contested")
    s.keep("decision_refused", appeals.refused_decision(s.world))
    with _system() as tx:
        from backend.decisions.models import AppealFile, Decision

        tx.session.add(AppealFile(appeal_id=UUID(s["appeal"]), file_id=UUID(s["file"])))
        refused = tx.session.get_one(Decision, UUID(s["decision_refused"]))
        s.keep("application_refused", refused.application_id)
    s.world.call, s.world.session = call, session


def _conditions(s: Scenario) -> None:
    """A grant under two conditions, told: one to answer, one answered with a document."""
    from datetime import timedelta

    from backend.decisions.conditions import following
    from backend.decisions.models import ConditionFile
    from tests.decisions import conditions_given as conditions
    from tests.reviews import given as reviews

    call, session = s.world.call, s.world.session
    reviews.a_call(s.world, "agadir-conditional")
    decision = conditions.told(s.world)
    s.keep("decision_conditional", decision)
    s.keep("application_conditional", decision.application_id)
    first, second = conditions.rows(decision)
    s.keep("condition", first)
    s.keep("condition_answered", second)
    with transaction(s.world.holder) as tx:
        following.answer(tx, second.id, "La demande est déposée.")
    with _system() as tx:
        tx.session.add(ConditionFile(condition_id=second.id, file_id=UUID(s["file"])))
    s.keep("condition_later", (conditions.today() + timedelta(days=90)).isoformat())
    s.world.call, s.world.session = call, session


def _information(s: Scenario) -> None:
    """A question of the public, and one that is answered with a document."""
    from backend.obligations import answering
    from backend.obligations.models import InformationFile
    from tests.obligations import given as obligations

    asked, code = obligations.asked()
    answered, _ = obligations.asked(text="Et en 2024 ?")
    with _system() as tx:
        tx.session.add(InformationFile(request_id=answered.id, file_id=UUID(s["file"])))
    with transaction(s.world.officer) as tx:
        answering.answer(tx, answered.id, "Douze.")
    s.keep("information", asked)
    s.keep("information_number", asked.number)
    s.keep("information_code", code)
    s.keep("information_answered", answered)


def _after(s: Scenario) -> None:
    """Convention, tranches, plan, milestones, waves."""
    from backend.coaching import commands as coaching
    from backend.funding import commands as funding
    from tests.coaching import given as plans
    from tests.durability import given as waves
    from tests.funding import given as grants

    found = waves.planned(s.world)  # of call agadir-2023, signed 13 months ago
    s.keep("wave", found[0])
    waves.answered(s.world, found[1], members=9)
    s.keep("call_decided", s.world.call)
    s.keep("convention", s.world.convention)
    with transaction(s.world.officer) as tx:
        funding.prove_own(tx, s.world.convention, "Relevé bancaire")
    s.keep("tranche", grants.tranches(s.world.convention)[0])
    with transaction(s.world.officer) as tx:
        s.keep("plan", coaching.plan(tx, s.world.convention, s.world.coach.id))
    first, second = plans.milestones(UUID(s["plan"]))[:2]
    s.keep("milestone", first)
    s.keep("milestone_reported", second)
    with transaction(s.world.holder) as tx:
        coaching.report(tx, second, "Machines reçues.")
    s.keep("reminder", _first_reminder(first))
    with _system() as tx:
        call = grants.a_call(tx, s.world, "agadir-again")
        session = grants.a_session(tx, s.world)
        again = [
            grants.a_decision(tx, s.world, call, session, holder, n)
            for n, holder in enumerate((s.world.tifaout, s.world.rival_cooperative), 1)
        ]
    s.keep("application_funded", again[0])
    with transaction(s.world.officer) as tx:
        s.keep("convention_prepared", funding.prepare(tx, again[0]))
    with _system() as tx:
        call = grants.a_call(tx, s.world, "agadir-third")
        s.keep("application_granted", grants.a_decision(tx, s.world, call, session, s.world.tifaout, 3))
        s.keep("call_granted", call)
        call = grants.a_call(tx, s.world, "agadir-fourth")
        granted = grants.a_decision(tx, s.world, call, session, s.world.tifaout, 4)
        s.keep("call_unfollowed", call)
    with transaction(s.world.officer) as tx:
        made = funding.prepare(tx, granted)
        funding.sign(tx, made.id, made.prepared_at.date())
        s.keep("convention_unfollowed", made)


def _first_reminder(milestone: UUID) -> UUID:
    from backend.coaching.models import Reminder

    with _system() as tx:
        found = select(Reminder.id).where(Reminder.milestone_id == milestone).order_by(Reminder.due_at)
        return tx.session.scalars(found).first()  # type: ignore[return-value]


def _messages(s: Scenario) -> None:
    """The holder's message about her deposit, which her server refused."""
    from sqlalchemy import update

    from backend.core.events import Event
    from backend.notifications import commands
    from backend.notifications.models import Message, MessageState

    with _system() as tx:
        about = tx.session.scalars(select(Event).where(Event.name == "application.submitted").limit(1)).one()
        s.keep("event", about)
        commands.owe(tx, [about])
        owed = select(Message.id).where(Message.recipient_id == s.world.holder.id)
        s.keep("message", tx.session.scalars(owed.limit(1)).one())
        failed = update(Message).values(state=MessageState.FAILED, error="550 unknown")
        tx.session.execute(failed.where(Message.id == UUID(s["message"])))


def _desk(s: Scenario) -> None:
    """An officer's view, the print of what a bulk act would do, a list of paper dossiers."""
    from backend.applications import bulk, lists, noting, paper, search, views
    from backend.applications.models import Application
    from backend.core.calendar import local
    from backend.people.models import Organisation
    from backend.people.roster.table import packed

    call = UUID(s["call_submitted"])
    with transaction(s.world.officer) as tx:
        s.keep("view", views.keep(tx, "Argan", {"q": "argan"}))
        found = bulk.preview(tx, "admit", bulk.Chosen(filters=search.Filters(call_id=call)))
        s.objects["seen"] = found.print_
    with _system() as tx:
        tx.session.get_one(Organisation, s.world.rival_cooperative).register_number = "88/2020"
    heads = ["Numéro", "Numéro de registre", "Projet", "Budget", "Demandé", "Déposé le"]
    handed_in = (local(datetime.now(UTC)) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    rows: list[list[object]] = [heads, ["1", "88/2020", "Moulin", 2, 1, handed_in]]
    with transaction(s.world.officer) as tx:
        s.objects["paper_seen"] = paper.plan(tx, UUID(s["call_new"]), rows).print_
    s.objects["paper"] = packed(rows)
    with _system() as tx:
        number = tx.session.get_one(Application, UUID(s["application_submitted"])).number
    said: list[list[object]] = [["Numéro", "Avis", "Note"], [number, "", "À voir"]]
    with transaction(s.world.officer) as tx:
        s.objects["notes_seen"] = noting.plan(tx, said).print_
    s.objects["notes"] = packed(said)
    s.objects["notes_sheet"] = "\n".join(";".join(map(str, row)) for row in said)
    with transaction(s.world.officer) as tx:
        rows = lists.rows_of(s["notes_sheet"].encode(), noting.NOTES_TOO_MANY(most=noting.MOST))
        s.objects["notes_sheet_seen"] = noting.plan(tx, rows).print_


def _agents(s: Scenario) -> None:
    """An agent: a holder whom she entered, a number that she asked for; somebody invited."""
    from backend.applications import commands as applications
    from backend.people import commands
    from backend.people.models import Person
    from backend.people.schemas import AccompanyIn
    from tests.people.test_accompaniment import registered

    made = registered(s.world, register_number="55/2020")
    s.keep("organisation_agent", made)
    with transaction(s.world.agent) as tx:
        s.keep("application_agent", applications.create(tx, UUID(s["call_assist"]), made))
    with _system() as tx:
        phone = update(Person).values(phone="+212600000019")  # at the version of everybody else
        tx.session.execute(phone.where(Person.id == s.world.rival.id))
    with transaction(s.world.agent) as tx:
        typed = AccompanyIn(province_code="09.001", register_number="88/2020")
        s.keep("accompaniment", commands.ask_accompaniment(tx, typed))
    with _system() as tx:
        invited = Person(name="Invitée", email="invitee@exemple.test", created_at=tx.now)
        tx.session.add(invited)
        tx.session.flush()
        s.keep("invited", invited)
        link = commands.fresh_link(tx, commands.owe_invitation(tx, invited).id)
        s.objects["invitation"] = str(link).removeprefix("/invitations/")
        s.objects["accompany_code"] = str(commands.fresh_accompaniment_code(tx, UUID(s["accompaniment"])))


def _code(s: Scenario) -> None:
    """What confirms a dossier typed for its holder: the last code made, as messages make them."""
    from backend.applications import assistance

    with _system() as tx:
        s.objects["confirm_code"] = assistance.fresh_code(tx, UUID(s["application_typed"])) or ""


def _versions(s: Scenario) -> None:
    """The version of every object that has one."""
    tables = {m.class_.__tablename__: m.class_ for m in Base.registry.mappers if hasattr(m.class_, "version")}
    named = {"session": "committee_session", "question": "call_question", "note": "field_note"}
    named |= {"action": "agreed_action"}
    with _system() as tx:
        for name, key in s.objects.items():
            kind = "person" if name in CAST else name.split("_")[0]
            model = tables.get(named.get(kind, kind))
            row = tx.session.get(model, UUID(key)) if model and len(key) == 36 else None
            if row is not None:
                s.version[name] = row.version


@contextmanager
def _system() -> Iterator[Tx]:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        yield tx


def shown(answer: Any) -> str:
    """An answer as the matrix writes it: its status, `in` for the way to the sign-in page."""
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next="):
        return "in"
    return str(answer.status_code)


def problem(answer: Any) -> dict[str, Any]:
    """The problem told, as data."""
    told: dict[str, Any] = json.loads(answer.text)
    return told
