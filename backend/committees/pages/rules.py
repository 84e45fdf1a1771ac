"""Rules of composition, read again in words before they are set; règlement intérieur, by version."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import Problem
from ...core.i18n import LANGUAGES, label
from ...core.tx import Tx, transaction
from ...web.deps import AnyActor, PageActor
from ...web.forms import Sent, Typed, attempt, day_typed, read, refused
from ...web.render import language_of, render
from .. import commands, composition, queries, rules_form, seated, seating_words
from ..composition import Rules
from ..models import Breach, College, Committee, Procedure, Secrecy
from ..procedure import count_quorum
from ..schemas import ProcedureIn
from ..standing_rules import cautions
from .parts import names, nested

router = APIRouter(prefix="/committees/{committee_id}")


@router.get("/rules")
def rules_page(request: Request, actor: PageActor, committee_id: UUID) -> Response:
    """The form: the version in force, or what was read of such committees to start from."""
    with transaction(actor) as tx:
        return _editor(request, tx, committee_id)


@router.post("/rules")
def set_rules_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """Read them again in words, or set them as a version."""
    if typed.get("act") != "set":
        return _preview(request, actor, committee_id, typed)

    def act(tx: Tx) -> None:
        rules = read(Rules, rules_form.as_rules(typed))
        effective_on = day_typed(typed.get("effective_on", ""), "effective_on")
        breach = Breach.REFUSE if typed.get("breach") == Breach.REFUSE else Breach.WARN
        commands.set_composition(tx, committee_id, effective_on, rules, breach)

    return attempt(
        actor,
        act,
        f"/committees/{committee_id}?done=rules",
        lambda tx, refusal: _editor(request, tx, committee_id, typed, refusal),
    )


@router.post("/rules/load")
def load_rules(request: Request, actor: PageActor, committee_id: UUID, content: Sent) -> Response:
    """A file of rules into the form: nothing is set yet. What is wrong is named by its field."""
    with transaction(actor) as tx:
        try:
            rules = read(Rules, rules_form.from_json(content))
        except Problem as refusal:
            return _editor(request, tx, committee_id, None, refusal)
        typed = rules_form.as_typed(rules) | {"effective_on": local(tx.now).date().isoformat()}
        return _editor(request, tx, committee_id, typed, None, rules)


@router.get("/rules.json")
def rules_file(actor: AnyActor, committee_id: UUID) -> Response:
    """The rules in force as a file, which another committee may start from."""
    with transaction(actor) as tx:
        committee = tx.get(Committee, committee_id, "committee.read")
        version = seated.composition_on(tx, committee_id, local(tx.now).date())
        said = {
            "committee": committee.name,
            "order": committee.order_number,
            "effective_on": version.effective_on.isoformat() if version else None,
            "breach": version.breach if version else Breach.WARN,
            "rules": version.rules if version else composition.template(committee.kind).kept(),
        }
    content = json.dumps(said, ensure_ascii=False, indent=2)
    headers = {"content-disposition": 'attachment; filename="composition.json"'}
    return Response(content, media_type="application/json", headers=headers)


@router.get("/procedure")
def procedure_page(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """The règlement intérieur in plain words, and what each version changed."""
    with transaction(actor) as tx:
        return _procedures(request, tx, committee_id)


@router.get("/procedures")
def procedures_page(actor: AnyActor, committee_id: UUID) -> Response:
    """Read again by the form's address after a refusal."""
    with transaction(actor) as tx:
        tx.get(Committee, committee_id, "committee.read")
    return Response(status_code=303, headers={"location": f"/committees/{committee_id}/procedure"})


@router.post("/procedures")
def set_procedure_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """A new version of the rules of procedure."""

    def act(tx: Tx) -> None:
        asked = read(ProcedureIn, nested(typed))
        commands.set_procedure(tx, committee_id, asked.effective_on, commands.procedure_terms(asked))

    return attempt(
        actor,
        act,
        f"/committees/{committee_id}/procedure?done=procedure",
        lambda tx, refusal: _procedures(request, tx, committee_id, typed, refusal),
    )


def _preview(request: Request, actor: Actor, committee_id: UUID, typed: dict[str, str]) -> Response:
    with transaction(actor) as tx:
        try:
            rules = read(Rules, rules_form.as_rules(typed))
        except Problem as refusal:
            return _editor(request, tx, committee_id, typed, refusal)
        return _editor(request, tx, committee_id, typed, None, rules)


def _editor(
    request: Request,
    tx: Tx,
    committee_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
    rules: Rules | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor, **rules_form.SHOWN_AT)
    committee = tx.get(Committee, committee_id, "committee.edit")
    tx.recorded = True  # read under the right to edit, nothing written
    today = local(tx.now).date()
    versions = seated.compositions(tx, committee_id)
    if typed is None:
        start = seated.rules_of(versions[0]) if versions else composition.template(committee.kind)
        breach = versions[0].breach if versions else Breach.WARN
        typed = rules_form.as_typed(start) | {"effective_on": today.isoformat(), "breach": breach}
    held = seated.held_on(tx, committee_id, today)
    lang = language_of(request, tx.actor)
    return render(
        request,
        tx.actor,
        "committees/rules.html",
        **answer,
        committee=committee,
        typed=typed,
        versions=versions,
        colleges=list(College),
        breaches=[(one, label(lang, f"enum.breach.{one}")) for one in Breach],
        preview=_in_words(rules, held, today.year) if rules else {},
        seats=len(held),
    )


def _in_words(rules: Rules, held: Any, year: int) -> dict[str, Any]:
    """Each rule in both languages, with what it finds of today's seats."""
    lines = composition.report(rules, held, year).lines
    return {
        lang: [
            {
                "ok": {"pass": True, "fail": False}.get(line.verdict),
                "title": seating_words.rule(lang, line),
                "text": f"{seating_words.figures(lang, line)}. {seating_words.mend(lang, line)}".strip(),
            }
            for line in lines
        ]
        for lang in LANGUAGES
    }


def _procedures(
    request: Request,
    tx: Tx,
    committee_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    committee = tx.get(Committee, committee_id, "committee.read")
    if refusal is not None:
        tx.allow("committee.edit", committee)
        tx.recorded = True
    lang, today = language_of(request, tx.actor), local(tx.now).date()
    versions = queries.procedures(tx, committee_id)
    now = next((one for one in versions if one.effective_on <= today), None)
    table = seated.held_on(tx, committee_id, today)
    edits = tx.actor.is_authenticated and tx.may(["committee.edit"], committee)["committee.edit"]
    return render(
        request,
        tx.actor,
        "committees/procedure.html",
        **answer,
        committee=committee,
        province=names(tx, {committee.province_code})[committee.province_code],
        now_in_force=now,
        words=seating_words.procedure(lang, now) if now else [],
        quorum=count_quorum(len(table), 0, now.quorum_of, now.quorum_over) if now else None,
        versions=_told(lang, versions),
        cautions=cautions(now) if now else [],
        edits=edits,
        typed=typed or _as_typed(now),
        wrong_form=typed is not None,
        secrecies=[(one, label(lang, f"enum.secrecy.{one}")) for one in Secrecy],
        today=today,
        done=request.query_params.get("done") == "procedure",
    )


def _told(lang: str, versions: list[Procedure]) -> list[dict[str, Any]]:
    """Each version with what it changed from the one before."""
    before = [*versions[1:], None]
    return [
        {"version": one, "changes": seating_words.differences(lang, was, one) if was else None}
        for one, was in zip(versions, before, strict=True)
    ]


def _as_typed(now: Procedure | None) -> dict[str, str]:
    if now is None:
        return {"quorum.of": "1", "quorum.over": "2", "majority.of": "1", "majority.over": "2"}
    found = {
        "quorum.of": now.quorum_of,
        "quorum.over": now.quorum_over,
        "majority.of": now.majority_of,
        "majority.over": now.majority_over,
        "casting_vote": "1" if now.casting_vote else "",
        "notice_days": now.notice_days,
        "second_after_days": now.second_after_days,
        "second_quorum.of": now.second_quorum_of,
        "second_quorum.over": now.second_quorum_over,
        "proxies": now.proxies,
        "proxies_count": "1" if now.proxies_count else "",
        "secrecy": now.secrecy,
    }
    return {key: "" if value is None else str(value) for key, value in found.items()}
