"""The panel's report: made by a job, kept with the call, read without what is hidden; and the file."""

import json
import subprocess
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from backend import cli
from backend.calls.models import Call
from backend.core import apart, jobs
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Job, JobState
from backend.core.tx import transaction
from backend.reviews import commands, queries
from backend.reviews.commands.report import REPORT
from backend.reviews.models import CallReview, Standing
from backend.reviews.panel.verify import verify
from backend.reviews.scoring import worth
from tests.reviews import given

API = "/api/v1/rankings"
Client = Callable[[str], Any]
FAR = apart.ask  # what tests replace by an answer of their own process


def ranked_by(world: Any, how: str, **grid: Any) -> None:
    """A call that ranks so."""
    given.a_call(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = tx.session.get_one(Call, world.call)
        changed = call.definition["grid"] | {"ranking": how} | grid
        call.definition = call.definition | {"grid": changed}
        call.definition_sha256 = f"{how} {sorted(grid)} {world.call}"[:64].ljust(64, "0")


def read_by_all(
    world: Any, count: int = 7, names: tuple[str, ...] = ("evaluator", "second", "third")
) -> list[Any]:
    """So many dossiers, each read by these; the second one is severe by a level."""
    found = given.eligible(world, count)
    for n, dossier in enumerate(found):
        for name in names:
            level = min(4, 1 + n % 4 + (n % 3 == 0))
            given.signed(world, name, dossier, max(0, level - (name == "second")), impact=n % 5)
    return found


def reported(world: Any) -> CallReview:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        commands.report(tx, world.call)
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(CallReview).where(CallReview.call_id == world.call)).one()


def owed() -> list[Job]:
    with transaction(SYSTEM) as tx:
        waiting = select(Job).where(Job.handler == REPORT, Job.state == JobState.READY)
        return list(tx.session.scalars(waiting))


def test_signatures_owe_one_report_a_minute(world: Any) -> None:
    found = given.scored(world, 2)
    assert owed() == []
    jobs.tick("panel_reports")
    jobs.tick("panel_reports")
    assert len(owed()) == 1
    jobs.drain()
    assert owed() == []
    with transaction(SYSTEM) as tx:
        kept = tx.session.scalars(select(CallReview)).one()
        assert kept.reported_reviews == kept.reviews == 4
        assert commands.behind(tx) == []
        (made,) = queries.listed(tx, application_id=found[0], evaluator_id=world.second.id).items
    with transaction(world.officer) as tx:
        commands.reopen(tx, made.id, "Une note manque.")
    jobs.tick("panel_reports")
    assert len(owed()) == 1
    jobs.drain()
    with transaction(world.second) as tx:
        commands.sign(tx, made.id, None)
        assert commands.behind(tx) == [world.call]


def test_the_officer_asks_for_it_now(world: Any, client: Client) -> None:
    given.scored(world, 2)
    path = f"{API}/{world.call}/panel"
    assert client("officer").get(path).json() == {"report": None, "reported_at": None, "since": 4}
    assert client("officer").post(path).status_code == 202
    jobs.drain()
    said = client("officer").get(path).json()
    assert (said["report"]["files"], said["report"]["reviews"], said["since"]) == (2, 4, 0)
    for name, status in (("evaluator", 404), ("holder", 404), ("stranger", 404), ("auditor", 403)):
        assert client(name).post(path).status_code == status, name
    assert client("evaluator").get(path).status_code == 404


def test_nothing_to_report_is_said(world: Any, client: Client) -> None:
    given.a_call(world)
    refused = client("officer").post(f"{API}/{world.call}/panel")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_signed")
    refused = client("officer").get(f"{API}/{world.call}/record")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_ranked")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        commands.report(tx, world.call)
        assert commands.behind(tx) == []
    page = client("officer").get(f"/das/calls/{world.call}/panel")
    assert "n’est pas encore mesuré" in page.text
    assert "n’est pas" not in client("officer").post(f"/das/calls/{world.call}/panel").headers.get(
        "location", ""
    )


def test_the_severe_one_is_found_and_raw_stays_the_order(world: Any) -> None:
    read_by_all(world)
    kept = reported(world)
    report = kept.report["all"]
    assert report["evaluators"][0]["id"] == str(world.second.id)
    assert report["evaluators"][0]["effect"] < -5
    assert (report["asked"], report["method"], report["refused"]) == ("raw", "raw", None)
    with transaction(world.officer) as tx:
        rows = queries.ranking(tx, world.call).rows
    assert all(row.corrected_hundredths is not None and not row.by_corrected for row in rows)
    assert all(row.rank_low <= row.rank_expected_hundredths / 100 <= row.rank_high for row in rows)
    assert [row.ranked_hundredths for row in rows] == [row.score_hundredths for row in rows]


def file_order(world: Any) -> tuple[list[str], dict[str, Any]]:
    with transaction(world.officer) as tx:
        found = queries.record(tx, world.call).model_dump(mode="json")
    assert verify(json.dumps(found)).faults == ()
    return [row["file"] for row in found["order"]], found


def database_order(world: Any) -> list[str]:
    with transaction(SYSTEM) as tx:
        rows = queries.whole_ranking(tx, world.call)
        keys = [
            worth(s.ranked_hundredths, s.ties, s.draw)
            for s in (tx.session.get_one(Standing, row.application_id) for row in rows)
        ]
        assert keys == sorted(keys)
        return [row.number for row in rows]


@pytest.mark.parametrize("how", ["raw", "corrected"])
def test_the_file_the_database_and_the_page_have_one_order(world: Any, client: Client, how: str) -> None:
    ranked_by(world, how)
    read_by_all(world)
    kept = reported(world)
    order, found = file_order(world)
    assert order == database_order(world)
    assert found["method"] == how
    assert found["sha256"]["inputs"] == kept.report["inputs"]
    with transaction(world.officer) as tx:
        rows = queries.ranking(tx, world.call).rows
    assert [row.number for row in rows] == order
    assert [row.ranked_hundredths for row in rows] == [row["score"] for row in found["order"]]
    if how == "corrected":
        assert sorted(row.rank_raw for row in rows) == list(range(1, 8))
    page = client("officer").get(f"/das/calls/{world.call}/ranking").text
    assert kept.report["inputs"] in page
    assert ("Classé par notes corrigées" in page) == (how == "corrected")


@pytest.mark.parametrize("seed", range(3))
def test_equal_dossiers_have_one_order_everywhere(world: Any, seed: int) -> None:
    """Marks of 0 or 4 only: scores, tie-breaks and draws all decide something."""
    random = Random(seed)
    for dossier in given.eligible(world, 9):
        for name in ("evaluator", "second"):
            given.signed(world, name, dossier, 4 * random.randint(0, 1), impact=4 * random.randint(0, 1))
    order, found = file_order(world)
    assert order == database_order(world)
    assert {row["after"] for row in found["order"]} >= {"first", "score", "draw"}


def test_a_correction_that_is_refused_is_said_loudly(world: Any, client: Client) -> None:
    ranked_by(world, "corrected")
    found = given.eligible(world, 2)
    for dossier in found:
        for name in ("evaluator", "second"):
            given.signed(world, name, dossier)
    page = f"/das/calls/{world.call}/ranking"
    assert "en cours de calcul" in client("officer").get(page).text
    assert client("officer").get(f"{API}/{world.call}/record").json()["code"] == "report_stale"
    kept = reported(world)
    assert kept.report["all"]["refused"] == "no_variation"
    _, written = file_order(world)
    assert (written["asked"], written["method"], written["refused"]) == ("corrected", "raw", "no_variation")
    assert "toutes les notes sont les mêmes" in client("officer").get(page).text
    panel = client("officer").get(f"/das/calls/{world.call}/panel").text
    assert "toutes les notes sont les mêmes" in panel


def test_a_mark_that_came_since_is_told(world: Any, client: Client) -> None:
    ranked_by(world, "corrected")
    found = read_by_all(world, names=("evaluator", "second"))
    reported(world)
    given.signed(world, "third", found[0], 0)
    assert "ont changé depuis" in client("officer").get(f"/das/calls/{world.call}/panel").text
    assert "ont changé depuis" in client("officer").get(f"/das/calls/{world.call}/ranking").text
    assert client("officer").get(f"{API}/{world.call}/record").status_code == 409


def test_who_is_tied_reads_a_report_without_that_dossier(world: Any, client: Client) -> None:
    dossier = read_by_all(world)[0]
    whole = reported(world).report["all"]
    path = f"/das/calls/{world.call}/panel"
    given.tied(world, "chair", world.tifaout)
    assert "n’est pas encore mesuré" in client("chair").get(path).text, "until one is made without it"
    kept = reported(world)
    with transaction(world.chair) as tx:
        hers = queries.panel(tx, world.call)
        rows = queries.ranking(tx, world.call).rows
        with pytest.raises(Problem, check=lambda p: p.status == 403):
            queries.record(tx, world.call)
    assert (hers.report["files"], hers.report["reviews"]) == (whole["files"] - 1, whole["reviews"] - 3)
    assert (hers.since, hers.inputs) == (0, None)
    assert str(dossier) not in json.dumps(hers.report)
    assert all(row.corrected_hundredths is None and row.rank_low is None for row in rows)
    assert kept.report["inputs"] not in client("chair").get(f"/das/calls/{world.call}/ranking").text
    before = client("chair").get(f"{API}/{world.call}/panel").json()["report"]
    commands_on(world, dossier)
    reported(world)
    assert client("chair").get(f"{API}/{world.call}/panel").json()["report"] == before, "nothing of it shows"


def commands_on(world: Any, dossier: Any) -> None:
    """Another mark on the hidden dossier."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        made = next(a for a in queries.listed(tx, application_id=dossier).items)
        commands.reopen(tx, made.id, "Une note manque.")
        commands.sign(tx, commands.save(tx, made.id, {"impact": 4, "viability": 0}, {}, None).id, None)


def test_a_tie_declared_owes_a_report(world: Any) -> None:
    given.scored(world, 2)
    reported(world)
    given.tied(world, "chair", world.tifaout)
    with transaction(SYSTEM) as tx:
        assert commands.behind(tx) == [world.call]


def test_pages_read_as_many_statements_for_any_number(world: Any, client: Client, statements: Any) -> None:
    officer = client("officer")
    counts = []
    found = given.eligible(world, 6)
    for upto in (1, 6):
        for dossier in found[:upto] if upto == 1 else found[1:]:
            given.signed(world, "evaluator", dossier, 4)
            given.signed(world, "second", dossier, 1)
        reported(world)
        for path in ("ranking", "panel", "panel.csv"):
            with statements() as seen:
                assert officer.get(f"/das/calls/{world.call}/{path}").status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 10, counts
    page = officer.get(f"/das/calls/{world.call}/panel").text
    assert "Envoyer à un autre lecteur" in page
    table = officer.get(f"/das/calls/{world.call}/panel.csv")
    assert table.text.splitlines()[0].endswith(
        "Évaluateur;Dossiers;Partagés;Écart moyen;Écart-type;Écart;De;À"
    )


def test_the_command_writes_what_the_other_verifies(
    world: Any, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ranked_by(world, "corrected")
    read_by_all(world)
    file = tmp_path / "classement.json"
    code = "agadir-2023"
    assert cli.main(["ranking", "export", code, "-o", str(file)]) == 0
    assert "classement écrit" in capsys.readouterr().out
    assert cli.main(["ranking", "verify", str(file)]) == 0
    assert cli.main(["ranking", "export", code]) == 0
    assert '"indh-ranking-1"' in capsys.readouterr().out
    text = file.read_text(encoding="utf-8")
    assert not any(str(one.id) in text or one.name in text for one in world.people.values() if one.id)
    assert cli.main(["ranking", "export", "nulle-part"]) == 1
    assert cli.main(["ranking", "export", code, "-o", str(tmp_path)]) == 2


def test_the_study_of_another_process_is_the_same(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read_by_all(world)
    given.tied(world, "chair", world.tifaout)
    here = reported(world).report
    monkeypatch.setattr(apart, "ask", FAR)
    assert reported(world).report == here
    assert len(here["views"]) == 1


def test_the_api_never_loads_numpy() -> None:
    code = (
        "import sys, fastapi; fastapi.APIRouter.add_api_route = lambda *a, **k: None;"  # a third of its time
        "from backend.app import load; [load(kind) for kind in ('jobs', 'api', 'pages')];"
        "sys.exit(bool({'numpy', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or "numpy is loaded"
