"""Versions of a published call: errata, extensions, their difference in words, and what would be unfair."""

from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.calls import commands, queries
from backend.calls.callfile import from_json, read
from backend.calls.differences import differences
from backend.calls.fairness import unfair
from backend.calls.models import Call, CallState, CallVersion, VersionKind
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from tests.applications import given as applications
from tests.calls import given

NOW = given.NOW
WHY = {"fr": "Une erreur dans l’avis publié.", "ar": "خطأ في الإعلان المنشور."}
ERRATUM, EXTENSION = VersionKind.ERRATUM, VersionKind.EXTENSION
CALLS = sorted((Path(__file__).resolve().parents[2] / "calls").glob("*.yaml"))


def amend(world: Any, call: Call, kind: VersionKind = ERRATUM, reason: Any = WHY, **overrides: Any) -> Call:
    with transaction(world.officer) as tx:
        return commands.amend(tx, call.id, changed(call, **overrides), kind, reason, None)


def changed(call: Call, **overrides: Any) -> Any:
    plain = {k: given.hour(v) if isinstance(v, datetime) else v for k, v in overrides.items()}
    return from_json(call.definition | plain)


def refused(
    world: Any, call: Call, kind: VersionKind = ERRATUM, reason: Any = WHY, **overrides: Any
) -> Problem:
    with pytest.raises(Problem) as refusal:
        amend(world, call, kind, reason, **overrides)
    return refusal.value


def versions(call: Call) -> list[CallVersion]:
    with transaction(SYSTEM) as tx:
        listed = select(CallVersion).where(CallVersion.call_id == call.id).order_by(CallVersion.number)
        return list(tx.session.scalars(listed))


def test_publication_is_version_one(world: Any) -> None:
    call = given.published(world)
    (only,) = versions(call)
    assert (only.number, only.kind, only.reason) == (1, VersionKind.PUBLICATION, None)
    assert (call.version_number, only.definition) == (1, call.definition)
    assert (only.published_by, only.definition_sha256) == (world.officer.id, call.definition_sha256)
    assert given.draft(world, code="draft").version_number == 0


def test_an_erratum_is_the_next_version_and_the_first_one_stays(world: Any) -> None:
    call = given.published(world)
    before = deepcopy(call.definition)
    after = amend(world, call, title={"fr": "Titre corrigé", "ar": "عنوان مصحح"})
    assert (after.version_number, after.title["fr"], after.state) == (2, "Titre corrigé", CallState.PUBLISHED)
    first, second = versions(call)
    assert (first.definition, second.definition) == (before, after.definition)
    assert (second.kind, second.reason, second.number) == (ERRATUM, WHY, 2)
    with transaction(SYSTEM) as tx:
        event = tx.session.scalars(select(Event).where(Event.name == "call.amended")).one()
        assert (event.data["number"], event.data["kind"], event.data["reason"]) == (2, "erratum", WHY)
    with transaction(world.holder) as tx:
        latest, publication = queries.editions(tx, after)
        found = queries.latest_amendment(tx, after)
    assert (latest.number, publication.changes) == (2, [])
    assert found == latest
    assert [(change.part, change.after) for change in latest.changes] == [
        ("title", {"fr": "Titre corrigé", "ar": "عنوان مصحح"})
    ]


def test_an_extension_only_closes_later(world: Any) -> None:
    call = given.published(world)
    later = call.closes_at + timedelta(days=5)
    with transaction(world.officer) as tx:
        extended = commands.extend(tx, call.id, later, WHY, call.version)
    assert (extended.closes_at, extended.version_number) == (later, 2)
    assert versions(call)[1].kind is EXTENSION
    assert queries.definition(extended).closes_at == later
    wrong = refused(world, extended, EXTENSION, closes_at=later + timedelta(days=1), appeal_days=60)
    assert [(e.field, e.code) for e in wrong.errors] == [("appeal_days", "amendment_extension_only")]
    earlier = refused(world, extended, EXTENSION, closes_at=later - timedelta(minutes=1))
    assert [(e.field, e.code) for e in earlier.errors] == [("closes_at", "amendment_closing_earlier")]
    assert (earlier.code, earlier.status) == ("amendment_unfair", 409)


def test_an_extension_of_more_than_a_year_is_a_slip(world: Any) -> None:
    call = given.published(world)
    furthest = call.closes_at + timedelta(days=366)
    far = refused(world, call, EXTENSION, closes_at=furthest + timedelta(minutes=1))
    assert [(e.field, e.code) for e in far.errors] == [("closes_at", "amendment_closing_far")]
    with transaction(world.officer) as tx:
        assert commands.extend(tx, call.id, furthest, WHY, call.version).closes_at == furthest


def test_an_extension_is_possible_until_the_closing_instant(world: Any) -> None:
    call = given.published(world)
    later = call.closes_at + timedelta(days=1)
    with arriving(at=call.closes_at + timedelta(microseconds=1)):
        assert refused(world, call, EXTENSION, closes_at=later).code == "call_over"
    with arriving(at=call.closes_at):
        assert amend(world, call, EXTENSION, closes_at=later).closes_at == later


def test_the_new_closing_is_to_come(world: Any) -> None:
    call = given.published(world)
    file = changed(call, closes_at=call.closes_at + timedelta(hours=1))
    at = call.closes_at + timedelta(hours=2)
    assert unfair(queries.definition(call), file, EXTENSION, at, False) == [("closes_at", "closing_past")]


def test_nothing_changed_a_draft_and_another_editors_version_are_refused(world: Any) -> None:
    call = given.published(world)
    assert refused(world, call).code == "amendment_empty"
    with transaction(world.officer) as tx, pytest.raises(Problem) as stale:
        commands.amend(tx, call.id, changed(call, appeal_days=40), ERRATUM, WHY, call.version + 1)
    assert stale.value.status == 412
    draft = given.draft(world, code="draft")
    assert refused(world, draft, appeal_days=40).code == "wrong_state"


@pytest.mark.parametrize(
    ("reason", "field", "code"),
    [
        ({"fr": "Seulement en français", "ar": " "}, "reason.ar", "missing"),
        ({"ar": "بالعربية فقط"}, "reason.fr", "missing"),
        ({"fr": "x" * 1001, "ar": "نعم"}, "reason.fr", "string_too_long"),
    ],
)
def test_the_reason_is_said_in_both_languages(world: Any, reason: Any, field: str, code: str) -> None:
    call = given.published(world)
    wrong = refused(world, call, reason=reason, appeal_days=40)
    assert [(e.field, e.code) for e in wrong.errors] == [(field, code)]
    assert refused(world, call, VersionKind.PUBLICATION, appeal_days=40).errors[0].field == "kind"


@pytest.mark.parametrize("name", ["stranger", "holder", "evaluator", "chair", "auditor", "administrator"])
def test_only_the_provinces_officers_amend(world: Any, name: str) -> None:
    call = given.published(world)
    with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
        commands.amend(tx, call.id, changed(call, appeal_days=40), ERRATUM, WHY, None)
    assert refusal.value.status == 403


def test_what_publication_checks_is_checked_again(world: Any) -> None:
    call = given.published(world, chains="any")
    assert amend(world, call, chains="priority").version_number == 2
    file = changed(call, appeal_days=40).model_copy(update={"envelope": 0})
    with transaction(world.officer) as tx, pytest.raises(Problem) as refusal:
        commands.amend(tx, call.id, file, ERRATUM, WHY, None)
    assert refusal.value.code == "call_envelope_empty"


def more(call: Call, field: str, **change: Any) -> list[Any]:
    """The list of a field, its first item changed."""
    listed = deepcopy(call.definition[field])
    listed[0] |= change
    return list(listed)


def test_before_the_first_deposit_rules_and_grid_may_be_corrected(world: Any) -> None:
    call = given.published(world)
    grid = deepcopy(call.definition["grid"])
    grid["criteria"][0]["weight"], grid["criteria"][1]["weight"] = 20, 25
    caps = call.definition["caps"] | {"indh_share": "50 %"}
    assert amend(world, call, grid=grid, caps=caps).version_number == 2


CASES: list[tuple[str, Any, tuple[str, str] | None]] = [
    ("weights", lambda d: d["grid"]["criteria"][0].update(weight=24), ("grid.criteria[0].weight", "frozen")),
    ("section of a criterion", lambda d: d["grid"]["criteria"][0].update(section="project"),
     ("grid.criteria[0].section", "frozen")),
    ("sections in another order", lambda d: d["grid"]["sections"].reverse(), ("grid.sections", "frozen")),
    ("words of a section", lambda d: d["grid"]["sections"][0]["label"].update(fr="Ce qui change"), None),
    ("pass mark", lambda d: d["grid"].update(pass_mark=59), ("grid.pass_mark", "frozen")),
    ("blind panel", lambda d: d["grid"].update(blind=True), ("grid.blind", "frozen")),
    ("viability", lambda d: d["grid"].update(viability="at_once"), ("grid.viability", "frozen")),
    ("words of a level", lambda d: d["grid"]["criteria"][0]["levels"][0].update(fr="Rien"), None),
    ("caps", lambda d: d["caps"].update(indh_share="61 %"), ("caps.indh_share", "frozen")),
    ("reference date", lambda d: d.update(reference_date="2020-01-01"), ("reference_date", "frozen")),
    ("tranches", lambda d: d["tranches"][0]["condition"].update(fr="Autre"), ("tranches", "frozen")),
    ("one more form", lambda d: d["legal_forms"].append("association"), None),
    ("one form less", lambda d: d["legal_forms"].remove("gie"), ("legal_forms", "widen_only")),
    ("any sector", lambda d: d.update(sectors="any"), None),
    ("one sector less", lambda d: d["sectors"].pop(), ("sectors", "widen_only")),
    ("communes", lambda d: d.update(communes=["09.001.05.09"]), ("communes", "widen_only")),
    ("any chain", lambda d: d.update(chains="any"), None),
    ("named chains", lambda d: d.update(chains=["argan"]), ("chains", "widen_only")),
    ("more money", lambda d: d.update(envelope="7000000 DH"), None),
    ("less money", lambda d: d.update(envelope="5000000 DH"), ("envelope", "lengthen_only")),
    ("appeal shorter", lambda d: d.update(appeal_days=29), ("appeal_days", "lengthen_only")),
    ("more days", lambda d: d["incomplete"].update(working_days=11), None),
    ("refusal", lambda d: d.update(incomplete={"then": "refuse"}),
     ("incomplete.working_days", "lengthen_only")),
    ("paper no more required", lambda d: d["documents"][0].update(required=False), None),
    ("paper required", lambda d: d["documents"][-1].update(required=True),
     ("documents[6].required", "lighten_only")),
    ("a word", lambda d: d["summary"].update(fr="Autre résumé."), None),
    ("another code", lambda d: d.update(code="other"), ("code", "identity")),
    ("another committee", lambda d: d["issuer"].update(committee="cldh"), ("issuer.committee", "identity")),
    ("opening moved", lambda d: d.update(opens_at="2020-01-01 00:00"), ("opens_at", "opening_moved")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "wrong"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_after_a_deposit_nothing_that_measured_it_changes(change: Any, wrong: tuple[str, str] | None) -> None:
    before = given.call_file()
    plain = deepcopy(before.as_json())
    change(plain)
    if change is CASES[0][1]:
        plain["grid"]["criteria"][1]["weight"] += 1
    after = from_json(plain)
    found = [one for one in unfair(before, after, ERRATUM, NOW, True) if one[0] != "grid.criteria[1].weight"]
    assert found == ([wrong] if wrong else [])
    if wrong and wrong[1] not in ("identity", "opening_moved"):
        assert unfair(before, after, ERRATUM, NOW, False) == []
    assert differences(before, after) or change is CASES[-3][1]


RULE = {
    "code": "women",
    "title": {"fr": "Femmes", "ar": "النساء"},
    "check": {"fact": "members.women_share", "at_least": "30 %"},
}


def test_after_a_deposit_a_rule_may_only_be_lightened() -> None:
    def wrongs(before: list[Any], after: list[Any]) -> list[tuple[str, str]]:
        files = [given.call_file(rules=rules) for rules in (before, after)]
        return unfair(files[0], files[1], ERRATUM, NOW, True)

    harder = RULE | {"check": {"fact": "members.women_share", "more_than": "30 %"}}
    warns = RULE | {"fails": "warn"}
    assert wrongs([], [RULE]) == wrongs([RULE], [harder]) == [("rules[0]", "lighten_only")]
    assert wrongs([warns], [RULE]) == [("rules[0]", "lighten_only")]
    assert wrongs([RULE], []) == wrongs([RULE], [warns]) == wrongs([], [warns]) == []
    assert wrongs([RULE], [RULE | {"title": {"fr": "Part des femmes", "ar": "نسبة النساء"}}]) == []


def test_an_erratum_does_not_move_the_closing() -> None:
    before = given.call_file()
    for days in (-1, 1):
        after = given.call_file(closes_at=before.closes_at + timedelta(days=days))
        assert unfair(before, after, ERRATUM, NOW, False) == [("closes_at", "closing_extension")]


def test_before_the_opening_it_may_be_put_off_not_put_in_the_past() -> None:
    opens = NOW + timedelta(days=2)
    before = given.call_file(opens_at=opens)
    later = given.call_file(opens_at=opens + timedelta(days=1))
    past = given.call_file(opens_at=NOW - timedelta(days=1))
    assert unfair(before, later, ERRATUM, NOW, False) == []
    assert unfair(before, past, ERRATUM, NOW, False) == [("opens_at", "opening_past")]


def test_a_deposit_freezes_the_measures_of_the_call(world: Any) -> None:
    call = given.published(world)
    applications.submitted(world, call)
    caps = call.definition["caps"] | {"indh_share": "50 %"}
    wrong = refused(world, call, caps=caps)
    assert [(e.field, e.code) for e in wrong.errors] == [("caps.indh_share", "amendment_frozen")]


FIELDS = {
    "title": {"fr": "Autre", "ar": "آخر"},
    "summary": {"fr": "Autre.", "ar": "آخر."},
    "support": None,
    "issuer": {
        "committee": "cpdh",
        "name": {"fr": "Le comité", "ar": "اللجنة"},
        "territory": {"fr": "ici", "ar": "هنا"},
    },
    "sources": [{"name": "Journal", "url": "https://exemple.ma/avis", "published_on": "2023-08-16"}],
    "assumed": ["opens_at"],
    "opens_at": "2023-08-17 00:00",
    "closes_at": "2033-09-02 16:30",
    "reference_date": "2023-08-17",
    "youth_under": 36,
    "envelope": "6500000.50 DH",
    "legal_forms": ["cooperative"],
    "sectors": "any",
    "chains": "any",
    "communes": ["09.001.05.09"],
    "caps": {"indh_amount": {"by": {"fact": "organisation.legal_form", "values": {"cooperative": "300000 DH"},
                                    "otherwise": "100000 DH"}}, "own_share": "1/3"},
    "rules": [RULE],
    "documents": [{"code": "quotes", "label": {"fr": "Devis", "ar": "عروض"}, "only_for": ["gie"],
                   "help": {"fr": "Trois devis.", "ar": "ثلاثة عروض."}}],
    "incomplete": {"then": "refuse"},
    "appeal_days": 15,
    "follow_up": {"months": [6, 18]},
    "coaching": {"months": 12, "milestones": [{"code": "start", "after_months": 0,
                 "title": {"fr": "Début", "ar": "بداية"}}], "reminders": [{"days": -3, "to": ["das"]}]},
    "tranches": [{"code": "all", "share": "1/1", "condition": {"fr": "Tout", "ar": "الكل"}}],
    "grid": {"scale_max": 1, "pass_mark": 50, "evaluators_per_file": 3, "tie_break": ["only"], "criteria": [
        {"code": "only", "label": {"fr": "Seul", "ar": "وحيد"}, "weight": 100, "floor": 1,
         "help": {"fr": "Aide.", "ar": "مساعدة."},
         "levels": [{"fr": "Non", "ar": "لا"}, {"fr": "Oui", "ar": "نعم"}]}]},
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("path", CALLS, ids=lambda path: str(path.stem))
def test_every_change_is_told_in_both_languages(path: Path, field: str) -> None:
    before = read(path)
    plain = {k: v for k, v in (before.as_json() | {field: FIELDS[field]}).items() if v is not None}
    if field == "opens_at":
        plain["opens_at"] = given.hour(before.opens_at - timedelta(days=1))
    if field == "rules":  # what other rules refer to is not touched
        plain["rules"] = [*before.as_json().get("rules", []), RULE]
    if field == "caps":
        plain["assumed"] = []
    if field == "communes":
        plain["communes"] = [f"{before.province}.05.09"]
    if field == "documents":
        plain["documents"] = [FIELDS["documents"][0] | {"only_for": [before.legal_forms[0]]}]  # type: ignore[index]
    after = from_json(plain)
    if before.as_json() == after.as_json():
        return
    told = differences(before, after)
    assert told
    for change in (*told, *differences(after, before)):
        for words in (change.title, change.before or change.title, change.after or change.title):
            assert set(words) == {"fr", "ar"}
            assert all(words.values()), change
            assert not any("{" in text or "call." in text for text in words.values()), change


def test_the_order_of_a_list_is_told_too() -> None:
    before = given.call_file()
    plain = before.as_json()
    plain["documents"] = plain["documents"][::-1]  # type: ignore[index]
    (change,) = differences(before, from_json(plain))
    assert (change.part, bool(change.before)) == ("documents", True)
    assert differences(before, before) == []
    renamed = {**RULE, "title": {"fr": "Part des femmes", "ar": "نسبة النساء"}}
    (title,) = differences(given.call_file(rules=[RULE]), given.call_file(rules=[renamed]))
    assert title.after == renamed["title"]


def test_editions_cost_the_same_whatever_their_number(world: Any, statements: Any) -> None:
    call = given.published(world)
    counts = []
    for days in (40, 41, 42):
        call = amend(world, call, appeal_days=days)
        with transaction(world.holder) as tx, statements() as seen:
            queries.editions(tx, call)
        counts.append(len(seen))
    assert counts[0] == counts[2] == 1


def test_the_editions_of_a_draft_that_was_never_published_are_nobodys(world: Any) -> None:
    draft = given.draft(world)
    with transaction(world.officer) as tx:
        assert queries.editions(tx, draft) == []
        assert queries.latest_amendment(tx, draft) is None
