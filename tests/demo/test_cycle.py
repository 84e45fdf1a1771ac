"""The demonstration's whole cycle, in this process: figures, refusals and their reasons, traces."""

import json
import os
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from backend.calls.callfile import read
from backend.core import db
from backend.ops.demo import cast as casting
from backend.ops.demo import filing, judging, run, tally
from backend.ops.demo.clock import set_clock
from backend.ops.demo.run import DEFAULT_CALL, Size, published
from backend.ops.demo.world import generate
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal

from . import given

pytestmark = pytest.mark.usefixtures("unmeasured")

CALLS = sorted(path.name for path in (ROOT / "calls").glob("*.yaml"))
UNBREAKABLE = {
    # Every generated holder declares that she has no other job.
    "agadir-2022.yaml": {"no_other_job"},
    # Every kind of company that the register knows is admitted.
    "tiznit.yaml": {"company_type"},
}


@pytest.fixture
def another(committed):
    """Empty the test's database again: dropped, and cloned from the template."""

    def renew():
        owner, name = os.environ["TEST_OWNER_URL"].replace("+psycopg", ""), urlsplit(committed).path[1:]
        db.bind().dispose()
        template = urlsplit(owner).path.lstrip("/")
        with psycopg.connect(
            urlunsplit(urlsplit(owner)._replace(path="/postgres")), autocommit=True
        ) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())

    return renew


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_whole_cycle_adds_up_and_is_the_same_again(another, monkeypatch, tmp_path):
    call, size = read(DEFAULT_CALL), Size(applications=14, seed=2023)
    with given.run(monkeypatch, tmp_path / "first", call, size) as first:
        assert tally.disagreements(first.figures) == []
        every_rule_refuses_with_reasons(first)
        assert given.wrong() == {}
        figures = first.figures
        tampering_is_noticed()
    assert figures["funded"] > 0
    assert figures["reminders_due"] == figures["reminders_sent"] > 0
    assert figures["waves_due"] == figures["waves_done"] > 0
    assert 0 < figures["released_amount_centimes"] <= figures["funded_amount_centimes"]
    another()
    with given.run(monkeypatch, tmp_path / "second", call, size) as second:
        assert second.figures == figures


TAMPERING = {
    "reminders-in-the-ledger": """DELETE FROM message WHERE id = (
        SELECT id FROM message WHERE template LIKE 'milestone.reminder%' LIMIT 1)""",
    "numbers": "UPDATE application_counter SET last = last + 1",
    "funded-if-eligible": """UPDATE application SET state = 'ineligible' WHERE id = (
        SELECT application_id FROM decision WHERE outcome = 'funded' LIMIT 1)""",
    "no-reminder-of-what-is-done": """UPDATE reminder
        SET state = 'planned', due_at = now() + interval '9 years'
        WHERE id = (SELECT id FROM reminder WHERE state = 'not_needed' LIMIT 1)""",
}


def tampering_is_noticed():
    """Each of these is said under its name, once the database's owner has done it behind our back."""
    owner = os.environ["MIGRATION_DATABASE_URL"].replace("+psycopg", "")
    for name, statement in TAMPERING.items():
        with psycopg.connect(owner) as connection:
            assert connection.execute(statement.encode()).rowcount == 1, name
        assert name in given.wrong()


def every_rule_refuses_with_reasons(found):
    """Each refusing rule of the call refuses a file, and its holder reads why in her language."""
    figures = found.figures
    assert set(figures["refused_by_rule"]) == set(figures["rules"])
    told = set()
    for filed in found.told.filing.submitted():
        results = filed.holder.get(f"/applications/{filed.id}/eligibility")["results"]
        for result in results:
            if result["outcome"] == "fail":
                told.add(result["rule_code"])
                assert result["reason"]["fr"].strip()
                assert any("\u0600" <= letter <= "\u06ff" for letter in result["reason"]["ar"])
    assert told >= set(figures["rules"])


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("name", [name for name in CALLS if name != DEFAULT_CALL.name])
def test_every_published_call_can_be_filed_for_and_screened(committed, monkeypatch, tmp_path, name):
    call = read(ROOT / "calls" / name)
    with given.empty(monkeypatch, tmp_path / "mail") as client:
        admin = casting.administrator(client)
        known = casting.catalogue(admin)
        first = casting.priorities(call, known, published())
        world = generate(casting.facts(call, known, first), 14, 2023)
        set_clock(admin, call.opens_at - timedelta(days=60))
        cast = casting.appoint(admin, world)
        casting.constitute(cast, world, casting.day_before(call, 60))
        casting.publish(cast, call, first if call.chains == "priority" else (), casting.day_before(call, 40))
        set_clock(admin, call.closes_at - timedelta(minutes=5))
        files = [
            filing.prepare(admin, cast.officer, cast.call, application) for application in world.applications
        ]
        for filed in files:
            filing.submit(filed)
        assert {filed.refused for filed in files} == {""}
        set_clock(admin, call.closes_at + timedelta(days=3))
        screening = judging.screen(cast)
    assert screening["admitted"] + screening["unsettled"] + screening["refused"] == len(files)
    assert screening["admitted"] + screening["unsettled"] > 0
    rules = {rule.code for rule in call.every_rule() if rule.fails == "refuse"}
    assert rules - set(screening["refused_by_rule"]) == UNBREAKABLE.get(name, set())


def test_a_call_that_funds_nobody_runs_to_its_end(committed, monkeypatch, tmp_path):
    with given.run(monkeypatch, tmp_path / "mail", read(DEFAULT_CALL), Size(2, 4)) as found:
        figures = found.figures
    assert tally.disagreements(figures) == []
    assert figures["applications"] == 2


@pytest.mark.parametrize("number", ["0", "2001", "-3", "many"])
def test_a_number_of_dossiers_out_of_range(capsys, number):
    with pytest.raises(SystemExit) as stopped:
        run.main(["--applications", number])
    assert stopped.value.code == 2
    assert "--applications" in capsys.readouterr().err


def test_a_call_file_that_is_not_there(tmp_path):
    with pytest.raises(Refusal, match=r"no\.yaml: No such file or directory\.$"):
        run.main(["--call", str(tmp_path / "no.yaml")])
    with pytest.raises(Refusal, match=r"Is a directory\.$"):
        run.main(["--call", str(tmp_path)])


def test_a_call_file_with_faults_names_them(capsys, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "demo.yaml").write_text((ROOT / "calls" / "common" / "demo.yaml").read_text())
    wrong.write_text(DEFAULT_CALL.read_text().replace("format: 1", "format: 1\nenvelop: 3 DH"))
    assert run.main(["--call", str(wrong)]) == 2
    assert "envelop" in capsys.readouterr().err


def test_figures_that_do_not_add_up_are_said(monkeypatch):
    good = {
        "applications": 3, "submitted": 1, "late": 1, "abandoned": 1, "admitted": 1, "refused": 0,
        "funded": 1, "waiting": 0, "rejected": 0, "ranked": 1, "funded_amount_centimes": 5,
        "envelope_centimes": 5, "conventions": 1, "reminders_sent": 2, "reminders_due": 2, "duplicates": 0,
        "messages": 4, "messages_caught": 4, "waves_done": 1, "waves_due": 1,
    }  # fmt: skip
    assert tally.disagreements(good) == []
    for name in ("applications", "refused", "ranked", "conventions", "reminders_sent", "duplicates"):
        assert len(tally.disagreements(good | {name: 9})) == 1, name
    assert len(tally.disagreements(good | {"envelope_centimes": 4})) == 1


def made(figures):
    """A stand-in for the served cycle that counts `figures`."""

    class Platform:
        def __init__(self, directory):
            self.directory = directory

        def __enter__(self):
            return "http://nowhere", self.directory

        def __exit__(self, *_raised):
            return None

    return Platform, (lambda *_given: None), (lambda *_given: figures)


@pytest.mark.parametrize(("duplicates", "code"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_prints_one_table_or_json(monkeypatch, capsys, tmp_path, duplicates, code, as_json):
    figures = {
        "applications": 1, "submitted": 1, "late": 0, "abandoned": 0, "admitted": 1, "refused": 0,
        "refused_by_rule": {"sector": 2}, "evaluations": 2, "recusals": 0, "funded": 1, "waiting": 0,
        "rejected": 0, "ranked": 1, "funded_amount_centimes": 500, "envelope_centimes": 500,
        "conventions": 1, "tranches": 3, "tranches_released": 1, "released_amount_centimes": 200,
        "milestones": 6, "milestones_reported": 5, "reminders_sent": 2, "reminders_due": 2,
        "duplicates": duplicates, "messages": 4, "messages_caught": 4, "waves_done": 1, "waves_due": 1,
        "active_by_age": [{"months": 6, "active": 1, "answered": 1, "unreachable": 0, "stopped": 0},
                          {"months": 12, "active": 0, "answered": 0, "unreachable": 0, "stopped": 0}],
    }  # fmt: skip
    platform, cycle, counted = made(figures)
    monkeypatch.setattr(run, "platform", platform)
    monkeypatch.setattr(run, "cycle", cycle)
    monkeypatch.setattr(tally, "figures", counted)
    assert run.main(["--data", str(tmp_path / "kept"), *(["--json"] if as_json else [])]) == code
    said = capsys.readouterr().out
    if as_json:
        assert json.loads(said) == figures
    else:
        assert "5,00" in said
        assert "sector 2" in said
        assert ("✓" in said) is (code == 0)
        assert "at 6 months" in said
        assert "at 12 months" not in said
