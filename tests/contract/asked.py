"""What is sent to each route of the matrix: bodies of the API, forms of the pages.

`@name` is the id of an object of the scenario and `#name` its version. Bodies are valid and objects in the
right state for somebody, so that a status speaks of authorisation.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.people.roster.table import packed
from tests.calls import given as calls
from tests.files import given as files
from tests.seals import given as seals
from tests.world import COMMUNE, HERE, PASSWORD

TODAY = datetime.now(UTC).date()
SOON = (datetime.now(UTC) + timedelta(days=5)).isoformat()
WORDS = {"fr": "Des mots", "ar": "كلمات"}
MARKS = dict.fromkeys(("impact", "viability", "relevance", "management", "durability", "innovation"), 3)


@dataclass(frozen=True)
class Case:
    """What to send. `version` names the object whose ETag goes into If-Match."""

    path: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, str] | None = None
    query: dict[str, str] = field(default_factory=dict)
    version: str = ""
    content: bytes | str | None = None
    files: dict[str, tuple[str, bytes]] | None = None


def case(json: Any = None, *, form: Any = None, query: Any = None, version: str = "", **path: str) -> Case:
    return Case({name: f"@{value}" for name, value in path.items()}, json, form, query or {}, version)


CONSULTATION: dict[str, Any] = {
    "question": WORDS,
    "context": WORDS,
    "opens_at": datetime.now(UTC).isoformat(),
    "closes_at": SOON,
}
CONSULTATION_FORM = {
    **{f"{name}.{lang}": WORDS[lang] for name in ("question", "context") for lang in ("fr", "ar")},
    "opens_at": f"{TODAY}T08:00",
    "closes_at": f"{TODAY + timedelta(days=5)}T10:00",
}
SEATS = (
    "Nom en français;Nom en arabe;Collège;Représente, en français;Représente, en arabe;Début du mandat\n"
    "Zahra Idrissi;زهراء الإدريسي;Société civile;Réseau;شبكة;2026-01-05\n"
).encode()
SEAT_ROWS: list[list[object]] = [list(line.split(";")) for line in SEATS.decode().splitlines()]
INFORMATION: dict[str, Any] = {
    "province_code": HERE,
    "name": "Fatima Amrani",
    "address": "fatima@exemple.test",
    "language": "fr",
    "text": "Combien de coopératives financées ?",
}
CALL_TEXT = calls.AGADIR.read_text().replace("code: agadir-2023", "code: agadir-other")
LATER = (calls.NOW + timedelta(days=20)).replace(second=0, microsecond=0).isoformat()
ROSTER = "Nom;Sexe;Année de naissance\nNouvelle Membre;F;1990\n".encode()
PERSON: dict[str, Any] = {"name": "Nouvelle Personne", "email": "nouvelle@exemple.test"}
ORGANISATION: dict[str, Any] = {
    "name": {"fr": "Coopérative Amal", "ar": "تعاونية أمل"},
    "legal_form": "cooperative",
    "commune_code": COMMUNE,
}
SECTION_BODIES: dict[str, Any] = {
    "project": {"title": "Huile"},
    "location": {"commune": COMMUNE, "premises": "rented"},
    "plan": {"fixed_centimes": 1},
    "budget": {"lines": [{"label": "Presse", "kind": "investment", "amount_centimes": 1}]},
    "financing": {"indh_centimes": 1},
    "results": {"jobs_women": 1},
    "declarations": {"accepted": ["accurate"]},
}
CHANGE: dict[str, Any] = {
    "id": "6f1ed002-ab5c-4d3b-8f2c-2f1a4b9c7d11", "section": "project", "field": "title", "value": "Huile",
}  # fmt: skip
SECTION_FORMS: dict[str, dict[str, str]] = {
    "project": {"title": "Huile"},
    "location": {"commune": COMMUNE, "premises": "rented"},
    "budget": {"lines.0.label": "Presse", "lines.0.kind": "investment", "lines.0.amount_centimes": "1"},
    "financing": {"indh_centimes": "1"},
    "plan": {"fixed_centimes": "1"},
    "results": {"jobs_women": "1"},
    "declarations": {"accepted": "accurate"},
}

NOTES = "Numéro;Avis;Note\nAGA-0;Recevable;Vu\n".encode()
PAPER = (
    "Numéro;Numéro de registre;Projet;Budget;Demandé;Déposé le\n1;4112/2019;Moulin;2;1;2020-01-01\n".encode()
)
API: dict[str, Case] = {
    # people
    "POST /sessions": case({"email": "nobody@exemple.test", "password": "wrong"}),
    "DELETE /sessions": case(),
    "PATCH /me": case({"name": "Autre Nom"}, version="holder"),
    "POST /tokens": case({"name": "tableur", "scopes": ["*.read"]}),
    "POST /tokens/{token_id}/revoke": case(),
    "POST /people/register": case({**PERSON, "password": "une longue phrase de passe"}),
    "POST /people": case({**PERSON, "grants": [{"role": "coach", "province_code": HERE}]}),
    "PATCH /people/{person_id}": case({"name": "Autre Nom"}, version="holder"),
    "POST /people/{person_id}/disable": case(),
    "POST /people/{person_id}/enable": case(),
    "POST /people/{person_id}/grants": case({"role": "coach", "province_code": HERE}),
    "POST /people/{person_id}/grants/{grant_id}/revoke": case(),
    "POST /organisations": case({**ORGANISATION, "holder_id": "@holder"}),
    "PATCH /organisations/{organisation_id}": case({"phone": "0612345678"}, version="organisation"),
    "PUT /organisations/{organisation_id}/members": case(
        {"members": [{"name": "Fatima", "sex": "woman", "birth_year": 1990}]}, version="organisation"
    ),
    "POST /organisations/{organisation_id}/members/check": Case(content=ROSTER),
    "POST /organisations/{organisation_id}/members/import": Case(content=ROSTER, version="organisation"),
    "POST /organisations/{organisation_id}/members/{member_id}/erase": case(version="organisation"),
    "POST /organisations/{organisation_id}/members/{member_id}/identity": case({"reason": "Contrôle"}),
    "POST /organisations/{organisation_id}/members/{member_id}/restore": case(),
    "POST /accompaniments": case({"province_code": HERE, "register_number": "99/1999"}),
    "POST /accompaniments/{accompaniment_id}/confirm": case({"code": "@accompany_code"}),
    "POST /people/{person_id}/invite": case(person_id="invited"),
    "POST /lookalikes/{lookalike_id}/distinguish": case({"reason": "Vues sur place"}, version="lookalike"),
    "POST /lookalikes/{lookalike_id}/merge": case({"reason": "Même présidente"}, version="lookalike"),
    "POST /me/export": case(),
    "POST /me/erase": case({"password": PASSWORD}),
    "POST /organisations/{organisation_id}/interests": case({"reason": "Ma sœur y travaille."}),
    # territory, chains, committees
    "GET /communes": case(query={"province": HERE}),
    "PUT /value-chains/priorities/{province_code}": case({"from_on": TODAY.isoformat(), "chains": ["argan"]}),
    "POST /committees": case(
        {
            "province_code": HERE,
            "kind": "cpdh",
            "name": WORDS,
            "order_number": "13/2023",
            "ordered_on": "2023-03-01",
        }
    ),
    "POST /committees/{committee_id}/seats": case(
        {"person_id": "@coach", "college": "state", "body": WORDS, "from_on": TODAY.isoformat()}
    ),
    "POST /committees/{committee_id}/seats/{seat_id}/end": case({"until_on": TODAY.isoformat()}),
    "POST /committees/{committee_id}/procedures": case({"effective_on": TODAY.isoformat()}),
    "PUT /committees/{committee_id}": case(
        {"kind": "cpde", "name": WORDS, "order_number": "14/2022", "ordered_on": "2022-03-01"}
    ),
    "POST /committees/{committee_id}/order": case({"file_id": "@order_file"}),
    "PATCH /committees/{committee_id}/seats/{seat_id}": case({"sex": "woman", "birth_year": 1980}),
    "POST /committees/{committee_id}/seats/{seat_id}/renew": case(
        {"from_on": (TODAY + timedelta(days=91)).isoformat()}, seat_id="seat_ending"
    ),
    "POST /committees/{committee_id}/compositions": case(
        {"effective_on": TODAY.isoformat(), "rules": {"women": {"of": 1, "over": 3}}}
    ),
    "POST /committees/{committee_id}/consultations": case(CONSULTATION),
    "PUT /consultations/{consultation_id}": case(
        CONSULTATION, version="consultation_draft", consultation_id="consultation_draft"
    ),
    "POST /consultations/{consultation_id}/publish": case(
        version="consultation_draft", consultation_id="consultation_draft"
    ),
    "POST /consultations/{consultation_id}/conclude": case(
        {"synthesis": WORDS}, version="consultation_over", consultation_id="consultation_over"
    ),
    "PUT /consultations/{consultation_id}/contribution": case({"body": "Tifaout", "text": "Au centre"}),
    "POST /agreed-actions": case(
        {
            "committee_id": "@committee",
            "consultation_id": "@consultation_concluded",
            "text": WORDS,
            "owner_id": "@evaluator",
            "due_on": SOON[:10],
        }
    ),
    "POST /agreed-actions/{action_id}/settle": case({"outcome": "Fait."}, version="action"),
    "POST /agreed-actions/{action_id}/reschedule": case({"due_on": SOON[:10]}, version="action"),
    "POST /agreed-actions/{action_id}/reopen": case(
        {"reason": "Rien n’est livré.", "due_on": SOON[:10]}, version="action_done", action_id="action_done"
    ),
    "POST /committee-sessions": case({"committee_id": "@committee", "scheduled_at": SOON, "place": "Agadir"}),
    "PUT /committee-sessions/{session_id}/attendance": case(
        {"presences": {"@chair_seat": "present"}}, version="session_planned", session_id="session_planned"
    ),
    "POST /committee-sessions/{session_id}/open": case(session_id="session_planned"),
    "POST /committee-sessions/{session_id}/close": case(session_id="session_quiet"),
    "POST /committee-sessions/{session_id}/motions": case({"text": WORDS}),
    "POST /motions/{motion_id}/ballots": case(
        {"seat_id": "@chair_seat", "choice": "for"}, motion_id="motion_plain"
    ),
    "POST /motions/{motion_id}/close": case(motion_id="motion_plain"),
    "POST /motions/{motion_id}/papers": case(
        {"seats": ["@chair_seat", "@seat"], "votes_for": 2}, motion_id="motion_secret"
    ),
    "POST /motions/{motion_id}/withdraw": case(motion_id="motion_free"),
    "POST /committee-sessions/{session_id}/convene": case({}, session_id="session_future"),
    "POST /committee-sessions/{session_id}/move": case({"scheduled_at": SOON}, session_id="session_future"),
    "POST /committee-sessions/{session_id}/cancel": case({"reason": "Grève"}, session_id="session_future"),
    "POST /committee-sessions/{session_id}/lapse": case(session_id="session_empty"),
    "POST /committee-sessions/{session_id}/second": case(
        {"scheduled_at": SOON, "place": "Agadir"}, session_id="session_lapsed"
    ),
    "POST /committee-sessions/{session_id}/adjourn": case({"resumes_at": SOON}, session_id="session_quiet"),
    "POST /committee-sessions/{session_id}/resume": case(session_id="session_adjourned"),
    "POST /committee-sessions/{session_id}/agenda": case({"kind": "information", "title": WORDS}),
    "POST /committee-sessions/{session_id}/agenda/{item_id}": case(
        {"act": "drop"}, session_id="session_future"
    ),
    "GET /committee-sessions/{session_id}/minutes": case(session_id="session_lapsed"),
    "POST /minutes/{minutes_id}/signatures": case({"password": PASSWORD, "sha256": "@minutes_print"}),
    "POST /minutes/{minutes_id}/corrections": case({"reason": "Faute de frappe"}),
    # calls and dossiers
    "POST /calls": case(calls.body(code="agadir-other")),
    "POST /calls/{call_id}/publish": case(call_id="call_draft"),
    "POST /calls/{call_id}/archive": case(call_id="call_draft"),
    "POST /calls/{call_id}/review": case(call_id="call_review"),
    "POST /calls/{call_id}/extend": case(
        {"closes_at": LATER, "reason": WORDS}, version="call_new", call_id="call_new"
    ),
    "POST /calls/{call_id}/amend": case(
        {"kind": "erratum", "reason": WORDS, "file": calls.body(code="agadir-new", appeal_days=45)},
        version="call_new",
        call_id="call_new",
    ),
    "POST /calls/{call_id}/copies": case({"code": "agadir-copied", "province": HERE}, call_id="call_new"),
    "POST /calls/{call_id}/erratum": case(call_id="call_new"),
    "DELETE /calls/{call_id}/erratum": case(call_id="call_erratum", version="erratum_text"),
    "POST /calls/{call_id}/questions": case(
        {"question": "Un hangar loué est-il admis ?"}, call_id="call_new"
    ),
    "POST /calls/questions/{question_id}/answer": case(
        {"question": WORDS, "answer": WORDS}, version="question"
    ),
    "POST /calls/questions/{question_id}/set-aside": case({"reason": "Hors sujet."}, version="question"),
    "POST /calls/{code}/check": case({"facts": {"organisation.legal_form": "gie"}}, code="call_code"),
    "POST /calls/preview": case({"source": CALL_TEXT}),
    "GET /calls/{call_id}/draft": case(call_id="call_draft"),
    "PUT /calls/{call_id}/draft": case({"source": CALL_TEXT}, call_id="call_draft", version="call_draft"),
    "POST /calls/{call_id}/dry-run": case({"against": "@call_submitted"}, call_id="call_draft"),
    "POST /applications": case({"call_id": "@call_new", "organisation_id": "@organisation"}),
    # files
    "POST /uploads": case({"name": "statuts.pdf", "size": 1000}),
    "PUT /uploads/{upload_id}": replace(case(query={"offset": "0"}), content=b"%PDF"),
    "POST /uploads/{upload_id}/complete": case(),
    "DELETE /uploads/{upload_id}": case(),
    "POST /applications/{application_id}/documents": case({"code": "legal-file", "file_id": "@file"}),
    "POST /applications/{application_id}/documents/small": replace(
        case(query={"code": "quotes", "name": "devis.pdf"}), content=files.pdf()
    ),
    "DELETE /applications/{application_id}/documents/{file_id}": case(),
    "POST /applications/{application_id}/documents/{file_id}/restore": case(),
    "POST /applications/{application_id}/papers": case({"codes": ["quotes"]}),
    "POST /applications/bulk/preview": case({"verb": "admit", "filters": {"call_id": "@call_submitted"}}),
    "POST /applications/bulk": case(
        {"verb": "admit", "filters": {"call_id": "@call_submitted"}, "seen": "@seen"}
    ),
    "POST /saved-views": case({"name": "Argan déposé", "query": {"q": "argan", "state": "submitted"}}),
    "POST /saved-views/{view_id}/rename": case({"name": "Autre nom"}),
    "DELETE /saved-views/{view_id}": case(),
    "GET /applications/screen": case(query={"call_id": "@call_submitted"}),
    "POST /applications/screen": case(query={"call_id": "@call_submitted"}),
    "PATCH /applications/{application_id}/fields": case({"changes": [CHANGE]}),
    **{
        f"PUT /applications/{{application_id}}/sections/{name}": case(body, version="application")
        for name, body in SECTION_BODIES.items()
    },
    "POST /applications/{application_id}/submit": case(application_id="application_filled"),
    "POST /applications/{application_id}/submit#again": case(application_id="application_changed"),
    "POST /applications/{application_id}/submit#completed": case(application_id="application_returned"),
    "DELETE /applications/{application_id}/changes": case(application_id="application_changed"),
    "GET /applications/{application_id}/deposits": case(application_id="application_submitted"),
    "POST /applications/{application_id}/return": case(
        {"items": ["project"], "note": "Précisez."}, application_id="application_submitted"
    ),
    "POST /applications/{application_id}/confirmation/ask": case(application_id="application_typed"),
    "POST /applications/{application_id}/confirmation": case(
        {"code": "@confirm_code"}, application_id="application_typed"
    ),
    "POST /applications/{application_id}/admit": case(application_id="application_submitted"),
    "POST /applications/{application_id}/refuse": case(application_id="application_refusable"),
    "POST /applications/{application_id}/withdraw": case(),
    "GET /receipts/{code}": case(code="receipt"),
    "GET /seals/{number}": Case({"number": "1"}),
    "GET /proofs/decisions/{decision_id}": case(decision_id="decision_adopted"),
    "GET /proofs/receipts/{code}": case(code="receipt"),
    "POST /proofs/check": case({"proof": seals.made_up()}),
    # reviews
    "POST /assignments": case({"application_id": "@application_unassigned", "evaluator_id": "@evaluator"}),
    "POST /assignments/share": case({"call_id": "@call_review", "per_file": 1}),
    "POST /assignments/{assignment_id}/declare": case(
        {"conflict": False}, version="assignment_fresh", assignment_id="assignment_fresh"
    ),
    "PATCH /assignments/{assignment_id}": case({"marks": {"impact": 2}}, version="assignment"),
    "POST /assignments/{assignment_id}/sign": case(version="assignment"),
    "POST /assignments/{assignment_id}/viability/see": case(),
    "GET /assignments/{assignment_id}/viability": case(assignment_id="assignment_signed"),
    "GET /assignments/{assignment_id}/beside": case(assignment_id="assignment_signed"),
    "POST /assignments/{assignment_id}/reopen": case(
        {"reason": "Une note manque."}, assignment_id="assignment_signed"
    ),
    "POST /assignments/{assignment_id}/extend": case({"due_at": SOON}),
    "POST /assignments/{assignment_id}/abstain": case({"reason": "Filière inconnue"}, version="assignment"),
    "POST /assignments/{assignment_id}/withdraw": case(
        {"reason": "Absente"}, assignment_id="assignment_fresh"
    ),
    "POST /standings/{application_id}/reread": case(application_id="application_apart"),
    "POST /suspected-ties/{tie_id}/confirm": case({"reason": "Sa cousine"}),
    "POST /suspected-ties/{tie_id}/dismiss": case({"reason": "Deux familles"}),
    "GET /applications/{application_id}/field-notes": case(application_id="application_eligible"),
    "POST /applications/{application_id}/field-notes": case(
        {"kind": "visit", "held_on": TODAY.isoformat(), "words": "Vu."}, application_id="application_eligible"
    ),
    "PATCH /field-notes/{note_id}": case({"words": "Vu."}, version="note"),
    "GET /evaluators/{person_id}/knowledge": case(person_id="evaluator"),
    "PUT /evaluators/{person_id}/knowledge": case({"chains": ["argan"]}, person_id="evaluator"),
    "GET /rankings/{call_id}": case(call_id="call_review"),
    "GET /rankings/{call_id}/record": case(call_id="call_review"),
    "GET /rankings/{call_id}/panel": case(call_id="call_review"),
    "POST /rankings/{call_id}/panel": case(call_id="call_review"),
    "GET /standings/{application_id}": case(application_id="application_eligible"),
    # conventions
    "POST /conventions": case({"application_id": "@application_granted"}),
    "POST /conventions/prepare": case({"call_id": "@call_granted"}),
    "POST /conventions/{convention_id}/prove-own": case(
        {"evidence": "Relevé"}, version="convention_prepared", convention_id="convention_prepared"
    ),
    "POST /conventions/{convention_id}/sign": case(
        {"signed_on": TODAY.isoformat()}, version="convention_prepared", convention_id="convention_prepared"
    ),
    "POST /conventions/{convention_id}/cancel": case({"reason": "Renoncement."}, version="convention"),
    "POST /tranches/{tranche_id}/release": case({"evidence": "Facture 12"}),
    # messages
    "POST /messages/{message_id}/resend": case(),
    # decisions
    "GET /calls/{call_id}/results": case(call_id="call_public"),
    "POST /calls/{call_id}/results/publish": case(call_id="call_told"),
    "GET /decisions/calls/{call_id}/letters": case(call_id="call_adopted"),
    "POST /decisions/calls/{call_id}/letters/release": case({}, call_id="call_adopted"),
    "POST /decisions/renounce": case({"application_id": "@application_granted", "reason": "Retrait"}),
    "POST /decisions/propose": case({"session_id": "@session_quiet", "call_id": "@call_scored"}),
    "POST /decisions/put-to-vote": case({"session_id": "@session_proposed", "call_id": "@call_proposed"}),
    "POST /decisions/postpone": case(
        {"session_id": "@session_proposed", "decision_ids": ["@decision_proposed"], "reason": "Visite"}
    ),
    "GET /decisions/calls/{call_id}/portfolio": case(call_id="call_scored"),
    "POST /decisions/deviate": case(
        {
            "session_id": "@session_proposed",
            "call_id": "@call_proposed",
            "changes": [{"decision_id": "@decision_proposed", "outcome": "waiting"}],
            "because": "Le site n’est pas encore raccordé à l’eau.",
        }
    ),
    "POST /decisions/vote": case({"motion_id": "@motion", "seat_id": "@chair_seat", "choice": "for"}),
    "POST /decisions/close-vote": case({"motion_id": "@motion"}),
    "POST /decisions/adopt": case({"motion_id": "@motion_carried"}),
    # grants under conditions
    "GET /decisions/{decision_id}/conditions": case(decision_id="decision_conditional"),
    "POST /decisions/{decision_id}/extend": case(
        {"due_on": "@condition_later", "reason": WORDS}, decision_id="decision_conditional"
    ),
    "POST /conditions/{condition_id}/answer": case({"words": "Le bail est signé."}),
    "POST /conditions/{condition_id}/confirm": case({"seen": "L’original."}),
    "POST /conditions/{condition_id}/return": case({"lacks": WORDS}, condition_id="condition_answered"),
    "POST /conditions/{condition_id}/documents": case({"file_id": "@file"}),
    "POST /conditions/{condition_id}/documents/small": replace(
        case(query={"name": "bail.pdf"}), content=files.pdf()
    ),
    "GET /conditions/{condition_id}/documents": case(condition_id="condition_answered"),
    "GET /conditions/{condition_id}/documents/{file_id}": case(condition_id="condition_answered"),
    "POST /appeals/{appeal_id}/documents": case({"file_id": "@file"}),
    "POST /appeals/{appeal_id}/documents/small": replace(
        case(query={"name": "titre.pdf"}), content=files.pdf()
    ),
    # information requests
    "POST /information-requests": case(INFORMATION),
    "POST /information-requests/follow": case({"number": "@information_number", "code": "@information_code"}),
    "POST /information-requests/{request_id}/answer": case({"answer": "Douze."}),
    "POST /information-requests/{request_id}/refuse": case({"ground": "unclear", "answer": "Laquelle ?"}),
    "POST /information-requests/{request_id}/extend": case({"reason": "Les archives sont ailleurs."}),
    # appeals
    "POST /appeals": case({"decision_id": "@decision_refused", "reasons": "Le terrain est à nous."}),
    "POST /appeals/{appeal_id}/withdraw": case(),
    "POST /appeals/{appeal_id}/assign": case({"person_id": "@officer"}),
    "POST /appeals/{appeal_id}/report": case({"report": "Vu."}, appeal_id="appeal_assigned"),
    "POST /appeals/{appeal_id}/schedule": case(
        {"session_id": "@appeal_session"}, appeal_id="appeal_reported"
    ),
    "POST /appeals/{appeal_id}/put-to-vote": case({"outcome": "waiting"}, appeal_id="appeal_scheduled"),
    "POST /appeals/{appeal_id}/settle": case({"answer": WORDS}, appeal_id="appeal_voted"),
    # coaching
    "POST /plans": case({"convention_id": "@convention_unfollowed", "coach_id": "@coach"}),
    "POST /plans/call": case({"call_id": "@call_unfollowed", "coach_ids": ["@coach"]}),
    "POST /milestones/{milestone_id}/report": case({"report": "Fait."}, version="milestone"),
    "POST /milestones/{milestone_id}/validate": case(
        version="milestone_reported", milestone_id="milestone_reported"
    ),
    "POST /milestones/{milestone_id}/send-back": case(
        {"reason": "Il manque une facture."}, version="milestone_reported", milestone_id="milestone_reported"
    ),
    "POST /milestones/{milestone_id}/reschedule": case({"due_on": TODAY.isoformat()}, version="milestone"),
    # waves
    "POST /waves/plan": case({"call_id": "@call_unfollowed"}),
    "PUT /waves/{wave_id}/answer": case({"status": "active", "members": 9}, version="wave"),
    # the demonstration's clock
    "POST /demo/clock": case({"now": SOON}),
    "POST /demo/tick": case(),
}

PAGES: dict[str, Case] = {
    "GET /static/{version}/{name}": Case({"version": "0", "name": "app.css"}),
    # people
    "POST /sign-in": case(form={"email": "nobody@exemple.test", "password": "wrong"}),
    "POST /sign-out": case(),
    "POST /register": case(form={**PERSON, "password": "une longue phrase de passe"}),
    "POST /me": case(form={"name": "Autre Nom", "version": "#holder"}),
    "POST /me/tokens": case(form={"token": "tableur", "scopes": "*.read"}),
    "POST /me/tokens/{token_id}/revoke": case(),
    "POST /my/organisations/new": case(
        form={"name.fr": "Coopérative Amal", "legal_form": "cooperative", "commune_code": COMMUNE}
    ),
    "POST /organisations/{organisation_id}": case(form={"phone": "0612345678", "version": "#organisation"}),
    "POST /organisations/{organisation_id}/members": case(
        form={"m.name": "Fatima", "m.sex": "woman", "m.birth_year": "1990", "version": "#organisation"}
    ),
    "POST /organisations/{organisation_id}/members/import": Case(files={"file": ("liste.csv", ROSTER)}),
    "POST /organisations/{organisation_id}/members/import/save": case(
        form={"kept": "@roster", "version": "#organisation"}
    ),
    "POST /organisations/{organisation_id}/members/import/faults.xlsx": case(form={"kept": "@roster"}),
    "POST /organisations/{organisation_id}/members/{member_id}/identity": case(form={"reason": "Contrôle"}),
    "POST /me/data/export.zip": case(),
    "POST /me/data/erase": case(form={"password": PASSWORD}),
    **{
        f"POST /das/lookalikes/{{lookalike_id}}/{{verb}}#{verb}": Case(
            {"verb": verb}, form={"reason": "Vues sur place", "version": "#lookalike"}
        )
        for verb in ("distinguish", "merge")
    },
    "POST /organisations/{organisation_id}/members/{member_id}/restore": case(),
    "POST /organisations/{organisation_id}/members/{member_id}/remove": case(
        form={"version": "#organisation"}
    ),
    "POST /organisations/{organisation_id}/members/{member_id}/erase": case(
        form={"version": "#organisation"}
    ),
    "GET /organisations/{organisation_id}/members/{member_id}/erase": case(),
    "GET /organisations/{organisation_id}/members": case(),
    "GET /organisations/{organisation_id}/members/{member_id}/remove": case(),
    "POST /admin/people": case(form=PERSON),
    "POST /admin/people/{person_id}/invite": case(person_id="invited"),
    "GET /invitations/{secret}": case(secret="invitation"),
    "POST /invitations/{secret}": case(form={"password": "une longue phrase de passe"}, secret="invitation"),
    "POST /accompanied/add": case(form={"province_code": HERE, "register_number": "99/1999"}),
    "POST /accompanied/requests/{accompaniment_id}": case(form={"code": "@accompany_code"}),
    "GET /accompanied/organisations/{organisation_id}/begin": case(organisation_id="organisation_agent"),
    "POST /accompanied/organisations/{organisation_id}/begin": case(
        form={"call_id": "@call_new"}, organisation_id="organisation_agent"
    ),
    "POST /admin/people/{person_id}/grants": case(form={"role": "coach", "province_code": HERE}),
    "POST /admin/people/{person_id}/grants/{grant_id}/revoke": case(),
    "POST /admin/people/{person_id}/disable": case(),
    "POST /admin/people/{person_id}/enable": case(),
    # dossiers
    "POST /my/applications": case(form={"call_id": "@call_new", "organisation_id": "@organisation"}),
    "GET /applications/{application_id}/check": case(application_id="application_filled"),
    "POST /applications/{application_id}/submit": case(application_id="application_filled"),
    "GET /applications/{application_id}/receipt": case(application_id="application_submitted"),
    "GET /applications/{application_id}/receipt.pdf": case(application_id="application_submitted"),
    "GET /applications/{application_id}/letter.pdf": case(application_id="application_returned"),
    "GET /das/applications/letters.pdf": case(query={"state": "returned"}),
    "GET /verify/{code}": case(code="receipt"),
    "POST /verify": case(form={"proof": json.dumps(seals.made_up())}),
    "GET /seals/{number}": Case({"number": "1"}),
    "GET /proofs/decisions/{decision_id}": case(decision_id="decision_adopted"),
    "GET /proofs/receipts/{code}": case(code="receipt"),
    "POST /applications/{application_id}/changes/drop": case(
        form={"sure": "1"}, application_id="application_changed"
    ),
    "GET /applications/{application_id}/confirmation": case(application_id="application_typed"),
    "GET /applications/{application_id}/confirmation.pdf": case(application_id="application_typed"),
    "GET /applications/{application_id}/confirmation/sheet": case(application_id="application_typed"),
    "POST /applications/{application_id}/confirmation/ask": case(application_id="application_typed"),
    "POST /applications/{application_id}/confirmation": case(
        form={"code": "@confirm_code"}, application_id="application_typed"
    ),
    "POST /applications/{application_id}/confirmation/sheet": replace(
        case(application_id="application_typed"), files={"sheet": ("feuille.pdf", files.pdf())}
    ),
    "GET /das/calls/{call_id}/assist": case(call_id="call_assist"),
    "POST /das/calls/{call_id}/assist": case(
        form={"organisation_id": "@organisation"}, call_id="call_assist"
    ),
    "GET /das/applications/{application_id}/return": case(application_id="application_submitted"),
    "POST /das/applications/{application_id}/return": case(
        form={"items": "project"}, application_id="application_submitted"
    ),
    "POST /applications/{application_id}/withdraw": case(),
    "POST /applications/{application_id}/history": case(
        form={"change": "@change"}, application_id="application_filled"
    ),
    **{
        f"POST /applications/{{application_id}}/{name}": case(form=form | {"version": "#application"})
        for name, form in SECTION_FORMS.items()
    },
    "POST /applications/{application_id}/documents": replace(
        case(form={"code": "quotes"}), files={"file": ("devis.pdf", files.pdf())}
    ),
    "POST /applications/{application_id}/documents/{file_id}/remove": case(form={"code": "legal-file"}),
    "POST /applications/{application_id}/documents/{file_id}/restore": case(form={"code": "legal-file"}),
    "POST /applications/{application_id}/papers": case(form={"code": "quotes"}),
    "GET /receipts/{code}": case(code="receipt"),
    "GET /das/calls/{call_id}/applications": case(call_id="call_submitted"),
    "GET /das/applications": case(query={"q": "argan", "call": "@call_submitted"}),
    "GET /das/applications/bulk": case(query={"verb": "admit", "who": "all", "call": "@call_submitted"}),
    "POST /das/applications/bulk": case(
        form={"verb": "admit", "who": "all", "call": "@call_submitted", "seen": "@seen"}
    ),
    "POST /das/applications/views": case(form={"name": "Argan déposé", "q": "argan"}),
    "POST /das/applications/views/{view_id}/rename": case(form={"name": "Autre nom"}),
    "POST /das/applications/views/{view_id}/remove": case(),
    "GET /das/exports": case(query={"call": "@call_submitted"}),
    "GET /das/exports/dossiers": case(query={"kind": "csv", "call": "@call_submitted"}),
    "POST /das/calls/{call_id}/paper": Case({"call_id": "@call_new"}, files={"file": ("liste.csv", PAPER)}),
    "POST /das/calls/{call_id}/paper/take": case(
        form={"kept": "@paper", "seen": "@paper_seen"}, call_id="call_new"
    ),
    "POST /das/calls/{call_id}/paper/faults.xlsx": case(form={"kept": "@paper"}, call_id="call_new"),
    "GET /das/applications/notes": case(),
    "GET /das/applications/notes/template.xlsx": case(query={"call": "@call_submitted"}),
    "POST /das/applications/notes": Case(files={"file": ("avis.csv", NOTES)}),
    "POST /das/applications/notes/take": case(form={"kept": "@notes", "seen": "@notes_seen"}),
    "POST /das/applications/notes/faults.xlsx": case(form={"kept": "@notes"}),
    "POST /das/applications/{application_id}/notes": case(
        form={"note": "À voir avec la commune"}, application_id="application_submitted"
    ),
    "POST /api/v1/applications/{application_id}/notes": case(
        {"text": "À voir avec la commune"}, application_id="application_submitted"
    ),
    "GET /api/v1/applications/verdicts/template": case(query={"call_id": "@call_submitted"}),
    "POST /api/v1/applications/verdicts/preview": Case(content=NOTES),
    "POST /api/v1/applications/verdicts": Case(content="@notes_sheet", query={"seen": "@notes_sheet_seen"}),
    "GET /api/v1/applications/{application_id}/notes": case(application_id="application_submitted"),
    "GET /das/calls/{call_id}/screening": case(call_id="call_submitted"),
    "POST /das/calls/{call_id}/screening": case(call_id="call_submitted"),
    "GET /das/applications/{application_id}": case(application_id="application_submitted"),
    "GET /das/applications/{application_id}/viability": case(application_id="application_submitted"),
    "GET /das/applications/{application_id}/admit": case(application_id="application_submitted"),
    "GET /das/applications/{application_id}/refuse": case(application_id="application_submitted"),
    "POST /das/applications/{application_id}/admit": case(application_id="application_submitted"),
    "POST /das/applications/{application_id}/refuse": case(
        form={"reason": "Hors zone."}, application_id="application_submitted"
    ),
    # messages
    "POST /messages/{message_id}/resend": case(),
    "GET /demo/mail/{name}": Case({"name": "none.eml"}),
    # calls
    "GET /calls/{code}": case(code="call_code"),
    "GET /calls/{code}/versions": case(code="call_code"),
    "GET /calls/{code}/check": case(code="call_code", query={"organisation.legal_form": "gie"}),
    "GET /calls/{code}/notice.pdf": case(code="call_code"),
    "POST /calls/{code}/questions": case(form={"question": "Un hangar loué ?"}, code="call_code"),
    "POST /das/calls/{call_id}/review": case(call_id="call_review"),
    "POST /das/calls/{call_id}/extend": case(
        form={
            "version": "#call_new",
            "closes_at": LATER[:16],
            "reason_fr": "Oui",
            "reason_ar": "نعم",
            "confirmed": "1",
        },
        call_id="call_new",
    ),
    "GET /das/calls/{call_id}/erratum": case(call_id="call_erratum"),
    "POST /das/calls/{call_id}/erratum": case(
        form={
            "version": "#call_erratum",
            "text_version": "#erratum_text",
            "reason_fr": "Oui",
            "reason_ar": "نعم",
        },
        call_id="call_erratum",
    ),
    "POST /das/calls/{call_id}/erratum/start": case(form={}, call_id="call_new"),
    "GET /das/calls/{call_id}/erratum/discard": case(call_id="call_erratum"),
    "POST /das/calls/{call_id}/erratum/discard": case(
        form={"text_version": "#erratum_text"}, call_id="call_erratum"
    ),
    "POST /das/calls/{call_id}/questions/{question_id}/answer": case(
        form={
            "version": "#question",
            "question_fr": "Q",
            "question_ar": "س",
            "answer_fr": "R",
            "answer_ar": "ج",
        }
    ),
    "POST /das/calls/{call_id}/questions/{question_id}/set-aside": case(
        form={"version": "#question", "reason": "Hors sujet."}
    ),
    "POST /das/calls/new": case(form={"source": CALL_TEXT}),
    "GET /das/calls/{call_id}": case(call_id="call_draft"),
    "GET /das/calls/{call_id}/publish": case(call_id="call_draft"),
    "POST /das/calls/{call_id}/publish": case(form={"version": "#call_draft"}, call_id="call_draft"),
    "POST /das/calls/start": case(form={"code": "agadir-started"}),
    "GET /das/calls/{call_id}/edit": case(call_id="call_draft"),
    "GET /das/calls/{call_id}/edit/text": case(call_id="call_draft"),
    "POST /das/calls/{call_id}/edit/text": case(
        form={"source": CALL_TEXT, "version": "1"}, call_id="call_draft"
    ),
    "GET /das/calls/{call_id}/edit/dry-run": case(call_id="call_draft"),
    **{
        f"{method} /das/calls/{{call_id}}/edit/{{section}}{end}": Case(
            {"call_id": "@call_draft", "section": "documents", "item": "0"}, form=form
        )
        for method, end, form in (
            ("GET", "", None),
            ("GET", "/{item}", None),
            ("POST", "", {}),
            ("POST", "/{item}", {"documents.0.required._": "1"}),
            ("POST", "/preview", {}),
            ("POST", "/redraw", {}),
            ("POST", "/{item}/preview", {}),
            ("POST", "/{item}/redraw", {}),
        )
    },
    "POST /das/calls/{call_id}/archive": case(call_id="call_draft"),
    # reviews
    "GET /das/calls/{call_id}/assignments": case(call_id="call_review"),
    "POST /das/calls/{call_id}/assignments": case(call_id="call_review"),
    "GET /das/calls/{call_id}/ranking": case(call_id="call_review"),
    "GET /das/calls/{call_id}/panel": case(call_id="call_review"),
    "POST /das/calls/{call_id}/panel": case(call_id="call_review"),
    "GET /das/calls/{call_id}/panel.csv": case(call_id="call_review"),
    "POST /das/assignments/{assignment_id}/reopen": case(
        form={"reason": "Une note manque."}, assignment_id="assignment_signed"
    ),
    "POST /das/assignments/{assignment_id}/withdraw": case(
        form={"reason": "Absente"}, assignment_id="assignment_fresh"
    ),
    "POST /reviews/{assignment_id}/abstain": case(form={"reason": "Filière", "version": "#assignment"}),
    "GET /das/assignments/of/{application_id}/readers": case(application_id="application_unassigned"),
    "POST /das/assignments/of/{application_id}/readers": case(
        form={"evaluator_id": "@evaluator"}, application_id="application_unassigned"
    ),
    "POST /das/assignments/of/{application_id}/reread": case(application_id="application_apart"),
    "POST /das/ties/{tie_id}/{verb}": Case(
        {"tie_id": "@tie", "verb": "dismiss"}, form={"reason": "Deux familles"}
    ),
    "GET /das/applications/{application_id}/seats": case(application_id="application_eligible"),
    "POST /das/applications/{application_id}/seats": case(
        form={"person_id": "@by_name", "reason": "Son frère."}, application_id="application_eligible"
    ),
    "GET /api/v1/applications/{application_id}/seat-ties": case(application_id="application_eligible"),
    "POST /api/v1/applications/{application_id}/seat-ties": case(
        {"person_id": "@by_name", "reason": "Son frère."}, application_id="application_eligible"
    ),
    "GET /field-notes/{application_id}": case(application_id="application_eligible"),
    "POST /field-notes/{application_id}": case(
        form={"kind": "visit", "held_on": TODAY.isoformat(), "words": "Vu."},
        application_id="application_eligible",
    ),
    "GET /field-notes/{application_id}/{note_id}": case(application_id="application_eligible"),
    "POST /field-notes/{application_id}/{note_id}": case(
        form={"held_on": TODAY.isoformat(), "words": "Vu.", "version": "#note"},
        application_id="application_eligible",
    ),
    "GET /evaluators/{person_id}": case(person_id="evaluator"),
    "POST /evaluators/{person_id}": case(form={"chain.argan": "1"}, person_id="evaluator"),
    "POST /reviews/{assignment_id}": case(form={"marks.impact": "2", "version": "#assignment"}),
    "POST /reviews/{assignment_id}/viability": case(),
    "POST /reviews/{assignment_id}/declare": case(
        form={"conflict": "no", "version": "#assignment_fresh"}, assignment_id="assignment_fresh"
    ),
    # conventions
    "POST /conventions/prepare": case(form={"call_id": "@call_granted"}),
    "POST /conventions/{convention_id}/prove-own": case(
        form={"own_evidence": "Relevé", "version": "#convention_prepared"},
        convention_id="convention_prepared",
    ),
    "POST /conventions/{convention_id}/sign": case(
        form={"signed_on": TODAY.isoformat(), "version": "#convention_prepared"},
        convention_id="convention_prepared",
    ),
    "POST /conventions/{convention_id}/cancel": case(
        form={"reason": "Renoncement.", "version": "#convention"}
    ),
    "POST /conventions/{convention_id}/tranches/{tranche_id}/release": case(form={"evidence": "Facture 12"}),
    # coaching
    "POST /conventions/{convention_id}/plan": case(
        form={"coach_id": "@coach"}, convention_id="convention_unfollowed"
    ),
    "POST /milestones/{milestone_id}/report": case(form={"report": "Fait.", "version": "#milestone"}),
    "POST /milestones/{milestone_id}/validate": case(
        form={"version": "#milestone_reported"}, milestone_id="milestone_reported"
    ),
    "POST /milestones/{milestone_id}/send-back": case(
        form={"reason": "Il manque une facture.", "version": "#milestone_reported"},
        milestone_id="milestone_reported",
    ),
    "POST /milestones/{milestone_id}/reschedule": case(
        form={"due_on": TODAY.isoformat(), "version": "#milestone"}
    ),
    # sessions and decisions
    "POST /sessions": case(
        form={
            "committee": "@committee",
            "scheduled_at": f"{TODAY + timedelta(days=5)}T10:00",
            "place": "Agadir",
        }
    ),
    **{
        f"POST /sessions/{{session_id}}/{{verb}}#{verb}": Case(
            {"session_id": f"@{session}", "verb": verb}, form=form
        )
        for verb, session, form in (
            ("attendance", "session_planned", {"seat.@chair_seat": "present", "version": "#session_planned"}),
            ("open", "session_planned", {}),
            ("close", "session_quiet", {}),
            ("propose", "session_quiet", {"call": "@call_scored"}),
            ("put", "session_proposed", {"call": "@call_proposed"}),
            ("vote", "session", {"motion": "@motion", "seat.@chair_seat": "for"}),
            ("convene", "session_future", {}),
            ("take", "session_point", {"item": "@item_session_point"}),
            ("motion", "session_quiet", {"text.fr": WORDS["fr"], "text.ar": WORDS["ar"]}),
        )
    },
    "GET /das/calls/{call_id}/portfolio": case(call_id="call_scored"),
    "GET /das/calls/{call_id}/portfolio.json": case(call_id="call_scored"),
    "GET /sessions/{session_id}/calls/{call_id}/deviation": case(
        session_id="session_proposed", call_id="call_proposed"
    ),
    "POST /sessions/{session_id}/calls/{call_id}/deviation": case(
        form={
            "outcome.@decision_proposed": "waiting",
            "because": "Le site n’est pas encore raccordé à l’eau.",
        },
        session_id="session_proposed",
        call_id="call_proposed",
    ),
    "GET /sessions/{session_id}/calls/{call_id}/deviation/{decision_id}": case(
        session_id="session_proposed", call_id="call_proposed", decision_id="decision_proposed"
    ),
    "POST /sessions/{session_id}/calls/{call_id}/deviation/{decision_id}": case(
        form={
            "amount": "1000",
            "condition.1.fr": "Le bail est signé.",
            "condition.1.ar": "العقد موقع.",
            "due_on": "@condition_later",
            "because": "Le site n’est pas encore raccordé à l’eau.",
        },
        session_id="session_proposed",
        call_id="call_proposed",
        decision_id="decision_proposed",
    ),
    # grants under conditions
    "GET /applications/{application_id}/conditions": case(application_id="application_conditional"),
    "POST /applications/{application_id}/conditions/extend": case(
        form={"due_on": "@condition_later", "reason.fr": "Le notaire tarde.", "reason.ar": "تأخر الموثق."},
        application_id="application_conditional",
    ),
    "POST /conditions/{condition_id}/answer": Case(
        {"condition_id": "@condition"},
        form={"words": "Le bail est signé.", "version": "1"},
        files={"file": ("bail.pdf", files.pdf())},
    ),
    "GET /conditions/{condition_id}/documents/{file_id}": case(condition_id="condition_answered"),
    **{
        f"POST /conditions/{{condition_id}}/{{verb}}#{verb}": Case(
            {"condition_id": "@condition_answered", "verb": verb}, form={"version": "2", **form}
        )
        for verb, form in (
            ("confirm", {"seen": ""}),
            ("return", {"lacks.fr": "La page deux.", "lacks.ar": "الصفحة الثانية."}),
        )
    },
    # information requests
    "POST /information": case(form=INFORMATION),
    "POST /information/follow": case(form={"number": "@information_number", "code": "@information_code"}),
    "POST /information/forget": case(form={}),
    "POST /information-requests/{request_id}/documents": Case(
        {"request_id": "@information"}, files={"file": ("liste.pdf", files.pdf())}
    ),
    "GET /information-requests/{request_id}/documents/{file_id}": case(request_id="information_answered"),
    **{
        f"POST /information-requests/{{request_id}}/{{verb}}#{verb}": Case(
            {"request_id": "@information", "verb": verb}, form={"version": "1", **form}
        )
        for verb, form in (
            ("answer", {"answer": "Douze."}),
            ("refuse", {"ground": "unclear", "answer": "Laquelle ?"}),
            ("extend", {"reason": "Les archives sont ailleurs."}),
        )
    },
    # appeals
    "GET /applications/{application_id}/appeal": case(application_id="application_refused"),
    "POST /applications/{application_id}/appeal": case(
        form={"reasons": "Le terrain est à nous."}, application_id="application_refused"
    ),
    "POST /appeals/{appeal_id}/documents": Case(
        {"appeal_id": "@appeal"}, files={"file": ("titre.pdf", files.pdf())}
    ),
    **{
        f"POST /appeals/{{appeal_id}}/{{verb}}#{verb}": Case(
            {"appeal_id": f"@appeal_{name}", "verb": verb}, form={"version": "1", **form}
        )
        for verb, name, form in (
            ("withdraw", "filed", {}),
            ("assign", "filed", {"person": "@officer"}),
            ("report", "assigned", {"report": "Vu."}),
            ("schedule", "reported", {"session": "@appeal_session"}),
            ("put", "scheduled", {"outcome": "waiting"}),
            ("settle", "voted", {"answer.fr": "Oui.", "answer.ar": "نعم."}),
        )
    },
    "GET /sessions/{session_id}/minutes.pdf": case(session_id="session_lapsed"),
    "GET /calls/{code}/results": case(code="call_public_code"),
    "GET /calls/{code}/results.pdf": case(code="call_public_code"),
    "GET /das/calls/{call_id}/results": case(call_id="call_told"),
    "POST /das/calls/{call_id}/results": case(form={}, call_id="call_told"),
    "GET /das/calls/{call_id}/letters": case(call_id="call_adopted"),
    "POST /das/calls/{call_id}/letters": case(form={"all": "1"}, call_id="call_adopted"),
    "GET /letters/{code}": case(code="letter_code"),
    "GET /letters/{code}/pdf": case(code="letter_code"),
    "POST /applications/{application_id}/renounce": case(
        form={"reason": "Retrait"}, application_id="application_granted"
    ),
    "GET /applications/{application_id}/decision": case(application_id="application_granted"),
    # committees, chains, time for reviews
    "POST /committees/new": case(
        form={
            "province_code": HERE,
            "kind": "cpdh",
            "name.fr": WORDS["fr"],
            "name.ar": WORDS["ar"],
            "order_number": "13/2023",
            "ordered_on": "2023-03-01",
        }
    ),
    "POST /committees/{committee_id}/seats": case(
        form={
            "person_id": "@coach",
            "college": "state",
            "body.fr": WORDS["fr"],
            "body.ar": WORDS["ar"],
            "from_on": TODAY.isoformat(),
        }
    ),
    "POST /committees/{committee_id}/order": case(
        form={
            "kind": "cpde",
            "name.fr": WORDS["fr"],
            "name.ar": WORDS["ar"],
            "order_number": "14/2022",
            "ordered_on": "2022-03-01",
        }
    ),
    "POST /committees/{committee_id}/order/file": Case(files={"file": ("arrete.pdf", files.pdf())}),
    "POST /committees/{committee_id}/seats/{seat_id}/correct": case(form={"sex": "woman"}),
    "POST /committees/{committee_id}/seats/{seat_id}/renew": case(
        form={"from_on": (TODAY + timedelta(days=91)).isoformat()}, seat_id="seat_ending"
    ),
    "POST /committees/{committee_id}/roster": Case(files={"file": ("sieges.csv", SEATS)}),
    "POST /committees/{committee_id}/roster/save": case(form={"kept": packed(SEAT_ROWS)}),
    "POST /committees/{committee_id}/roster/faults.xlsx": case(form={"kept": packed(SEAT_ROWS)}),
    "POST /committees/{committee_id}/rules": case(
        form={"act": "set", "effective_on": TODAY.isoformat(), "women": "1/3"}
    ),
    "POST /committees/{committee_id}/rules/load": Case(
        files={"file": ("regles.json", b'{"seats": {"most": 9}}')}
    ),
    "GET /consultations/new": case(query={"committee": "@committee"}),
    "POST /committees/{committee_id}/consultations": case(form=CONSULTATION_FORM),
    "GET /consultations/{consultation_id}/edit": case(consultation_id="consultation_draft"),
    "POST /consultations/{consultation_id}/edit": case(
        form=CONSULTATION_FORM | {"version": "#consultation_draft"}, consultation_id="consultation_draft"
    ),
    "POST /consultations/{consultation_id}/publish": case(
        form={"version": "#consultation_draft"}, consultation_id="consultation_draft"
    ),
    "POST /consultations/{consultation_id}/contribution": case(form={"body": "Tifaout", "text": "Au centre"}),
    "POST /consultations/{consultation_id}/conclude": case(
        form={"version": "#consultation_over", "synthesis.fr": "Au nord", "synthesis.ar": "في الشمال"},
        consultation_id="consultation_over",
    ),
    "POST /consultations/{consultation_id}/documents": Case(
        form={"title.fr": WORDS["fr"], "title.ar": WORDS["ar"]},
        files={"file": ("plan.pdf", files.pdf())},
    ),
    "GET /consultations/{consultation_id}/documents/{file_id}": case(file_id="consultation_file"),
    "GET /consultations/{consultation_id}/synthesis.pdf": case(consultation_id="consultation_concluded"),
    "GET /actions/new": case(query={"committee": "@committee"}),
    "POST /actions/new": case(
        form={
            "committee_id": "@committee",
            "source": "consultation.@consultation_concluded",
            "text.fr": WORDS["fr"],
            "text.ar": WORDS["ar"],
            "owner_id": "@evaluator",
            "due_on": SOON[:10],
        }
    ),
    "POST /actions/{action_id}/settle": case(form={"outcome": "Fait.", "version": "#action"}),
    "POST /actions/{action_id}/reschedule": case(form={"due_on": SOON[:10], "version": "#action"}),
    "POST /actions/{action_id}/reopen": case(
        form={"reason": "Rien n’est livré.", "due_on": SOON[:10], "version": "#action_done"},
        action_id="action_done",
    ),
    "POST /committees/{committee_id}/mandates": case(form={"seat": "@seat", "ends_on": TODAY.isoformat()}),
    "POST /committees/{committee_id}/procedures": case(
        form={"effective_on": TODAY.isoformat(), "quorum.of": "1", "quorum.over": "2"}
        | {"majority.of": "1", "majority.over": "2"}
    ),
    "POST /committees/{committee_id}/sessions": case(
        form={"scheduled_at": f"{TODAY + timedelta(days=5)}T10:00", "place": "Agadir"}
    ),
    "POST /das/chains/{province}": Case(
        {"province": HERE}, form={"from_on": TODAY.isoformat(), "rank.1": "argan"}
    ),
    "POST /das/assignments/{assignment_id}/extend": case(
        form={"due_at": f"{TODAY + timedelta(days=5)}T10:00"}
    ),
    # audit
    "GET /audit/rows/{table}/{row_id}": Case({"table": "application", "row_id": "@application_submitted"}),
    # waves
    "POST /waves/{wave_id}": case(form={"status": "active", "version": "#wave"}),
}

CASES = PAGES | {key.replace(" /", " /api/v1/", 1): how for key, how in API.items()}
