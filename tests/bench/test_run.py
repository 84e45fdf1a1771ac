import json

import pytest

from backend.ops.bench import data, rig, run
from backend.ops.bench.workloads import ranking

FIXED = {"name", "p50_ms", "p95_ms", "limit_p50_ms", "ratio", "target_ratio", "sql", "target_sql", "ok"}


@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
def test_a_quick_workload_prints_its_figures_as_json(monkeypatch, capsys):
    """The shape, not the speed: real servers on a small copy of the data."""
    monkeypatch.setattr(rig, "QUICK_APPLICATIONS", 260)
    monkeypatch.setattr(data, "SPARE", 5)
    monkeypatch.setattr(data, "OPEN_REVIEWS", 5)
    monkeypatch.setattr(ranking, "EACH", 3)
    code = run.main(["--quick", "--json", "--only", "ranking-api"])
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"machine", "workloads"}
    assert {"cpu", "cores", "memory_mb", "python", "system", "load"} == set(told["machine"])
    (one,) = told["workloads"]
    assert set(one) >= FIXED
    assert one["name"] == "ranking-api"
    assert one["data"] == "260 × 3 × 6"
    assert one["n"] == 9
    assert 0 < one["p50_ms"] <= one["p95_ms"]
    assert one["limit_p50_ms"] > 0
    assert 1 <= one["sql"] <= one["target_sql"]
    assert code == (0 if one["ok"] else 1)
    assert one["ok"] == all(target["ok"] for target in one["targets"])


def test_every_workload_can_be_found():
    from importlib import import_module

    for module, function, about in run.WORKLOADS.values():
        assert callable(getattr(import_module(f"backend.ops.bench.workloads.{module}"), function))
        assert about


def test_an_unknown_workload_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        run.main(["--only", "nothing"])
    assert refused.value.code == 2
    assert "ranking-api" in capsys.readouterr().err


def test_a_missed_target_is_exit_code_one(monkeypatch, capsys):
    from backend.ops.bench.result import Result

    monkeypatch.setattr(
        run, "measure", lambda names, **_: [Result(name, ratio=2, target_ratio=1) for name in names]
    )
    assert run.main(["--only", "start"]) == 1
    assert "MISSED" in capsys.readouterr().out
    monkeypatch.setattr(run, "measure", lambda names, **_: [Result(name) for name in names])
    assert run.main([]) == 0
