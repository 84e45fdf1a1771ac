"""Autosave by field: kept, already kept, in conflict, refused; merged between people, whatever comes when."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from backend.applications import autosave, commands
from backend.applications.autosave import Change, Fate
from backend.applications.models import FieldChange
from backend.core.actor import SYSTEM
from backend.core.calendar import format_datetime
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_pages import kept


def change(field: str, was: Any, value: Any, section: str = "project", key: Any = None) -> dict[str, Any]:
    return {"id": str(key or uuid4()), "section": section, "field": field, "was": was, "value": value}


def send(client: Any, made: Any, *changes: dict[str, Any], status: int = 200) -> Any:
    answer = client.patch(f"/api/v1/applications/{made.id}/fields", json={"changes": list(changes)})
    assert answer.status_code == status, answer.text
    return answer.json()


def fates(answer: Any) -> list[str]:
    return [one["status"] for one in answer["results"]]


def history(made: Any) -> list[tuple[str, str, Any, Any]]:
    with transaction(SYSTEM) as tx:
        rows = tx.session.query(FieldChange).where(FieldChange.application_id == made.id)
        ordered = rows.order_by(FieldChange.kept_at, FieldChange.id)
        return [(one.section, one.field, one.before, one.after) for one in ordered]


def test_fields_are_kept_one_by_one_with_their_history(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    answer = send(
        holder, made, change("title", None, "Huile"), change("indh_centimes", "", "٢٤٠ ٠٠٠٫٥٠", "financing"),
        change("title", "Huile", "Huile d’argan"),
    )  # fmt: skip
    assert fates(answer) == ["kept"] * 3
    assert answer["version"] == kept(made).version == 2
    assert kept(made).content == {
        "project": {"title": "Huile d’argan"},
        "financing": {"indh_centimes": 24_000_050},
    }
    assert kept(made).title == "Huile d’argan"
    assert ("project", "title", "Huile", "Huile d’argan") in history(made)
    assert len(history(made)) == 3


def test_the_same_change_again_is_kept_once(world: Any, client: Any) -> None:
    """Its answer was lost: sent again, even after somebody else wrote over it, it overwrites nothing."""
    made, holder, key = given.draft(world), client("holder"), uuid4()
    first = change("title", None, "Huile", key=key)
    assert fates(send(holder, made, first, first)) == ["kept", "already"]
    send(holder, made, change("title", "Huile", "Miel"))
    assert fates(send(holder, made, first)) == ["already"]
    assert kept(made).title == "Miel"
    other = given.draft(world, holder="rival", call=given.open_call(world, code="autre-2026"))
    (told,) = send(client("rival"), other, first)["results"]
    assert (told["status"], told["errors"][0]["code"]) == ("refused", "change_of_another")


def test_an_older_change_of_a_field_that_changed_since_is_a_conflict(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    send(holder, made, change("title", None, "Avant"))
    away = change("title", "Avant", "Tapé hors ligne"), change("sector", None, "agriculture")
    send(holder, made, change("title", "Avant", "Pendant ce temps"))
    answer = send(holder, made, *away)
    assert fates(answer) == ["conflict", "kept"]
    theirs = answer["results"][0]["theirs"]
    assert theirs["yours"] is True  # from another device of hers
    assert theirs["moment"] == format_datetime(datetime.fromisoformat(theirs["at"]), "fr")
    assert (theirs["value"], theirs["written"], theirs["by"]) == (
        "Pendant ce temps",
        "Pendant ce temps",
        "Holder",
    )
    assert theirs["at"]
    assert kept(made).content["project"] == {"title": "Pendant ce temps", "sector": "agriculture"}
    assert fates(send(holder, made, change("title", "Avant", "Pendant ce temps"))) == [
        "kept"
    ]  # says the same


def test_what_was_there_before_fields_were_recorded_has_no_author(world: Any, client: Any) -> None:
    made = given.filled(world)
    answer = send(client("holder"), made, change("title", "X", "Y"))
    assert answer["results"][0]["theirs"]["by"] is None


def test_two_sections_sent_twice_out_of_order(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    one, two = change("title", None, "A"), change("title", "A", "B")
    assert fates(send(holder, made, two)) == ["conflict"]
    assert fates(send(holder, made, one)) == ["kept"]
    assert fates(send(holder, made, two)) == ["kept"]
    assert fates(send(holder, made, one, two)) == ["already", "already"]
    assert kept(made).title == "B"


def test_two_people_on_one_draft_are_merged_by_field(world: Any, client: Any) -> None:
    """An officer who began the dossier and its holder; each line of the budget is its own."""
    call = given.open_call(world)
    with transaction(world.officer) as tx:
        made = commands.create(tx, call.id, world.tifaout)
    officer, holder = client("officer"), client("holder")
    send(officer, made, change("lines.0.label", None, "Presse", "budget"))
    send(holder, made, change("lines.1.label", None, "Local", "budget"))
    send(officer, made, change("lines.0.unit_price_centimes", "", "1000", "budget"))
    answer = send(holder, made, change("lines.0.label", None, "Moulin", "budget"))
    assert answer["results"][0]["theirs"]["by"] == "Officer"
    assert kept(made).content["budget"]["lines"] == [
        {"label": "Presse", "unit_price_centimes": 100_000, "amount_centimes": 100_000},
        {"label": "Local"},
    ]


def test_what_follows_from_a_field_follows_it(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    send(
        holder, made,
        change("lines.0.quantity", None, "٣", "budget"),
        change("lines.0.unit_price_centimes", None, "10,50", "budget"),
        change("partners.0.name", None, "Commune", "financing"),
        change("partners.0.amount_centimes", None, 700, "financing"),
        change("partners.2.amount_centimes", None, 300, "financing"),
        change("jobs_women_youth", None, 2, "results"), change("jobs_men_youth", None, "1", "results"),
    )  # fmt: skip
    content = kept(made).content
    assert content["budget"]["lines"][0]["amount_centimes"] == 3150
    assert content["financing"]["partners_centimes"] == 1000
    assert content["results"]["jobs_youth"] == 3
    send(
        holder, made,
        change("lines.0.unit_price_centimes", "10,50", "", "budget"),
        change("partners.2.amount_centimes", 300, None, "financing"),
        change("partners.0.amount_centimes", 700, None, "financing"),
        change("jobs_men_youth", 1, None, "results"),
    )  # fmt: skip
    content = kept(made).content
    assert content["budget"]["lines"] == [{"quantity": 3}]
    assert content["financing"] == {"partners": [{"name": "Commune"}]}
    assert "jobs_youth" not in content["results"]


def test_a_row_emptied_keeps_the_places_of_the_others(world: Any, client: Any) -> None:
    made, holder = given.filled(world), client("holder")
    lines = kept(made).content["budget"]["lines"]
    changes = [change(f"lines.0.{name}", value, None, "budget") for name, value in lines[0].items()]
    assert set(fates(send(holder, made, *changes))) == {"kept"}
    assert kept(made).content["budget"]["lines"] == [{}, lines[1]]
    assert kept(made).total_centimes == lines[1]["amount_centimes"]
    send(holder, made, change("lines", [{}, lines[1]], [lines[1]], "budget"))
    assert kept(made).content["budget"]["lines"] == [lines[1]]


@pytest.mark.parametrize(
    ("section", "field", "value", "code"),
    [
        ("financing", "loan_rate_bp", "100,01 %", "percent_too_high"),
        ("financing", "loan_rate_bp", "5,255", "percent_decimals"),
        ("financing", "loan_rate_bp", "beaucoup", "percent_unreadable"),
        ("financing", "loan_rate_bp", 10_001, "percent_too_high"),
        ("financing", "indh_centimes", "12,345", "money_decimals"),
        ("financing", "indh_centimes", 12.5, "int_type"),
        ("financing", "partners.0.amount_centimes", 10**14, "less_than_equal"),
        ("budget", "lines.0.quantity", "1_000", "int_parsing"),
        ("budget", "lines.50.label", "X", "field_unknown"),
        ("budget", "lines.0.nonsense", "X", "field_unknown"),
        ("budget", "lines.00.label", "X", "field_unknown"),
        ("budget", "lines", {"a": 1}, "list_type"),
        ("budget", "lines", [["x"]], "model_type"),
        ("project", "title", "x" * 201, "string_too_long"),
        ("project", "title", "a\0b", "control_characters"),
        ("project", "title", ["x"], "string_type"),
        ("project", "sector", "piracy", "unknown_code"),
        ("project", "sector\n", "crafts", "field_unknown"),
        ("documents", "provided", [], "field_unknown"),
        ("nonsense", "x", 1, "field_unknown"),
        ("declarations", "accepted", ["everything"], "literal_error"),
    ],
)
def test_what_is_no_value_of_its_field_is_refused(
    world: Any, client: Any, section: str, field: str, value: Any, code: str
) -> None:
    made = given.draft(world)
    good = change("title", None, "Huile")
    answer = send(client("holder"), made, change(field, None, value, section), good)
    assert fates(answer) == ["refused", "kept"]
    (error,) = answer["results"][0]["errors"]
    assert error["code"] in (code, "invalid")
    assert error["message"]
    assert not error["message"].startswith("field.")
    assert kept(made).content == {"project": {"title": "Huile"}}


def test_marks_that_reorder_what_is_read_are_left_out(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    send(holder, made, change("partners.0.name", None, "Com\u202emune\u2066", "financing"))
    assert kept(made).content["financing"]["partners"] == [{"name": "Commune"}]


def test_too_many_and_malformed_changes(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    send(holder, made, status=422)
    send(holder, made, *[change("title", None, "x")] * 101, status=422)
    send(holder, made, change("title", None, "x", key="nonsense"), status=422)
    send(client("rival"), made, change("title", None, "x"), status=404)
    send(client("stranger"), made, change("title", None, "x"), status=404)


def test_a_dossier_that_is_withdrawn_takes_no_change(world: Any, client: Any) -> None:
    made = given.draft(world)
    with transaction(world.holder) as tx:
        commands.withdraw(tx, made.id)
    send(client("holder"), made, change("title", None, "x"), status=409)


def test_changes_of_a_deposited_dossier_wait_for_the_next_deposit(world: Any, client: Any) -> None:
    made = given.submitted(world)
    title = given.CONTENT["project"]["title"]
    assert fates(send(client("holder"), made, change("title", title, "Autre titre"))) == ["kept"]
    now = kept(made)
    assert now.content["project"]["title"] == now.title == title
    assert now.revision
    assert now.revision["project"]["title"] == "Autre titre"


@pytest.mark.parametrize("n", [1, 10])
def test_a_constant_number_of_statements(world: Any, client: Any, statements: Any, n: int) -> None:
    made, holder = given.draft(world), client("holder")
    send(holder, made, change("title", None, "Huile"))
    changes = [change(f"lines.{i}.label", None, f"Ligne {i}", "budget") for i in range(n)]
    with statements() as seen:
        send(holder, made, *changes, change("title", "x", "y"), change("title", "z", "y"))
    assert len(seen) <= 8, "\n".join(seen)


def test_a_form_keeps_its_history_too(world: Any) -> None:
    made = given.filled(world)
    assert not history(made)  # first saves: there is nothing to go back to
    with transaction(world.holder) as tx:
        given.fill(
            tx,
            made,
            {"results": {"jobs_women": 9, "jobs_men": 2, "jobs_youth": 3, "income_centimes": 250_000}},
        )
    assert history(made) == [("results", "jobs_women", 8, 9)]


def test_the_history_of_a_field(world: Any, client: Any) -> None:
    made, holder = given.draft(world), client("holder")
    send(holder, made, change("title", None, "A"))
    send(holder, made, change("title", "A", "B"), change("lines.0.label", None, "Presse", "budget"))
    path = f"/api/v1/applications/{made.id}/history"
    items = holder.get(path, params={"section": "project", "field": "title"}).json()["items"]
    assert [(one["before"], one["after"], one["by"]) for one in items] == [
        ("A", "B", "Holder"),
        (None, "A", "Holder"),
    ]
    first = holder.get(path, params={"limit": 2}).json()
    assert len(first["items"]) == 2
    assert len(holder.get(path, params={"cursor": first["next"]}).json()["items"]) == 1
    assert len(holder.get(path, params={"field": "lines"}).json()["items"]) == 1
    assert client("rival").get(path).status_code == 404
    assert (
        client("officer").get(path).status_code == 404
    )  # an officer reads what was deposited, not its drafts


def test_a_write_that_nobody_may(world: Any) -> None:
    made = given.draft(world)
    with pytest.raises(Problem), transaction(world.rival) as tx:
        autosave.apply(tx, made.id, [Change(uuid4(), "project", "title", None, "x")])
    assert Fate.KEPT == "kept"


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u202a"])
def test_what_was_cleaned_when_kept_is_no_conflict_on_the_same_device(
    world: Any, client: Any, mark: str
) -> None:
    made, holder = given.draft(world), client("holder")
    send(holder, made, change("title", None, f"Huile{mark} d’argan"))
    assert kept(made).title == "Huile d’argan"
    assert fates(send(holder, made, change("title", f"Huile{mark} d’argan", "Miel"))) == ["kept"]
    send(holder, made, change("summary", None, mark))
    assert fates(send(holder, made, change("summary", mark, "Du miel"))) == ["kept"]
