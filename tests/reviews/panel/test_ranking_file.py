"""A ranking that anyone can compute again, and in which whatever is changed is found and named."""

import copy
import hashlib
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import cli
from backend.calls.callfile import read
from backend.core.i18n import LANGUAGES, has
from backend.reviews.panel import record
from backend.reviews.panel.order import Criterion, Rules, lot, rank
from backend.reviews.panel.record import Document, GridRules, Review, compose, digests, pseudonyms
from backend.reviews.panel.verify import CODES, verify
from backend.reviews.scoring import standing

CALL = read(Path(__file__).resolve().parents[3] / "calls" / "agadir-2023.yaml")
RULES = Rules(4, (Criterion("impact", 50), Criterion("cost", 30), Criterion("care", 20)), ("care", "cost"))
GRID = GridRules.model_validate(
    {
        "scale_max": 4,
        "criteria": [
            {"code": "impact", "weight": 50, "floor": 1},
            {"code": "cost", "weight": 30},
            {"code": "care", "weight": 20},
        ],
        "tie_break": ["care", "cost"],
        "total_floor": 40,
        "minimum_reviews": 2,
    }
)
# Two readers each; a and b are equal in all, d is below the floor of impact, e below that of the total, f was
# read once, h by nobody.
LEVELS = {
    "a": [(3, 2, 2), (3, 2, 2)],
    "b": [(3, 2, 2), (3, 2, 2)],
    "c": [(3, 0, 4), (2, 4, 3)],
    "d": [(1, 4, 4), (0, 4, 4)],
    "e": [(1, 1, 1), (1, 2, 1)],
    "f": [(4, 4, 4)],
    "g": [(4, 4, 4), (4, 4, 3)],
    "h": [],
}


def marks(levels):
    return dict(zip(("impact", "cost", "care"), levels, strict=True))


def reviews(levels=LEVELS):
    return [
        Review(file=f"AG-{file}", evaluator=f"e{at:02}", marks=marks(one))
        for file, given_ in levels.items()
        for at, one in enumerate(given_, 1)
    ]


def made(method="raw", **parts):
    known = {
        "call": "agadir-2023",
        "platform": "0.1.0",
        "made_at": "2026-11-22T19:00:00Z",
        "method": method,
        "seed": "tirage du 22 novembre",
        "grid": GRID,
        "files": [f"AG-{file}" for file in LEVELS],
        "reviews": reviews(),
    }
    return compose(**(known | parts)).model_dump(mode="json")


@pytest.fixture(scope="module")
def raw():
    return made()


@pytest.fixture(scope="module")
def corrected():
    levels = {
        f"{n:02}": [((n * 7 + e) % 5, (n + 2 * e) % 5, (n * e) % 5) for e in range(3)] for n in range(12)
    }
    open_grid = GRID.model_copy(update={"total_floor": None, "criteria": [
        one.model_copy(update={"floor": None}) for one in GRID.criteria
    ]})  # fmt: skip
    return made("corrected", grid=open_grid, files=[f"AG-{n}" for n in levels], reviews=reviews(levels))


def again(document):
    """With every fingerprint written anew, as a forger would."""
    return document | {"sha256": digests(document)}


def codes(document):
    return {(fault.code, fault.where) for fault in verify(json.dumps(document)).faults}


def test_the_order_its_ties_its_draw_and_what_is_not_ranked(raw):
    rows = [(row["rank"], row["file"], row["score"], row["after"]) for row in raw["order"]]
    first, second = sorted(["AG-a", "AG-b"], key=lambda file: lot(raw["seed"], file))
    assert rows == [
        (1, "AG-g", "195/2", "first"),
        (2, "AG-c", "255/4", "score"),
        (3, first, "125/2", "score"),
        (4, second, "125/2", "draw"),
    ]
    assert [row["draw"] is not None for row in raw["order"]] == [False, False, True, True]
    left = [
        tuple(one[key] for key in ("file", "why", "criterion", "value", "least")) for one in raw["unranked"]
    ]
    assert left == [
        ("AG-d", "below_floor_of_criterion", "impact", "1/2", 1),
        ("AG-e", "below_floor_of_total", None, "115/4", 40),
        ("AG-f", "too_few_reviews", None, "1", 2),
        ("AG-h", "too_few_reviews", None, "0", 2),
    ]  # fmt: skip
    assert verify(raw).ok


def test_a_tie_is_broken_by_the_list_in_its_order():
    equal = {"x": [marks((2, 2, 2))], "y": [marks((2, 0, 5))]}
    found = rank(Rules(5, RULES.criteria, ("care", "cost")), equal, "s")
    assert found.ranked[0].score == found.ranked[1].score
    assert [(one.file, one.after) for one in found.ranked] == [("y", "first"), ("x", "care")]
    found = rank(Rules(5, RULES.criteria, ("impact", "cost", "care")), equal, "s")
    assert [(one.file, one.after) for one in found.ranked] == [("x", "first"), ("y", "cost")]


def test_a_lot_is_what_sha256sum_says():
    assert lot("graine", "AG-1") == hashlib.sha256(b"graine|AG-1").hexdigest()


def test_equal_to_the_hundredth_is_not_equal():
    """Weights 1 and 99 over seven levels: 14,285 714 … beside 14,29 rounded the same."""
    rules = Rules(7, (Criterion("p", 1), Criterion("q", 99)), ())
    near = {"x": [{"p": 1, "q": 1}] * 3, "y": [{"p": 1, "q": 1}, {"p": 1, "q": 1}, {"p": 0, "q": 1}]}
    found = rank(rules, near, "s").ranked
    assert [one.after for one in found] == ["first", "score"]
    assert found[0].score - found[1].score == Fraction(1, 21)


def test_scores_are_those_of_the_standing_to_a_hundredth():
    rules = GridRules.of(CALL.grid, total_floor=60).rules()
    assert rules.tie_break == CALL.grid.tie_break
    assert rules.total_floor == 60
    given_ = [{one.code: (at * 3 + n) % 5 for at, one in enumerate(CALL.grid.criteria)} for n in range(3)]
    assert abs(rules.mean_total(given_) * 100 - standing(CALL.grid, given_).score) <= 1


levels = st.integers(0, 4)
some_marks = st.fixed_dictionaries({"impact": levels, "cost": levels, "care": levels})
panels = st.dictionaries(
    st.sampled_from([f"F-{n}" for n in range(12)]), st.lists(some_marks, min_size=1, max_size=3), min_size=1
)


@settings(max_examples=60)
@given(panels, st.sampled_from(["one", "two"]), st.randoms())
def test_an_order_is_whole_sorted_and_depends_on_no_order_of_arrival(panel, seed, random):
    found = rank(RULES, panel, seed)
    assert {one.file for one in found.ranked} == set(panel)
    assert [one.rank for one in found.ranked] == list(range(1, len(panel) + 1))
    keys = [(one.score, one.means["care"], one.means["cost"]) for one in found.ranked]
    assert keys == sorted(keys, reverse=True)
    for above, below in zip(found.ranked, found.ranked[1:], strict=False):
        if below.after == "draw":
            assert above.draw < below.draw
            assert (above.score, above.means["care"]) == (below.score, below.means["care"])
    mixed = list(panel)
    random.shuffle(mixed)
    assert found == rank(RULES, {file: panel[file][::-1] for file in mixed}, seed)


# -- what is changed is found and named ------------------------------------------------------------------


def test_a_changed_mark_is_found_and_its_dossier_named(raw):
    changed = copy.deepcopy(raw)
    changed["reviews"][0]["marks"]["impact"] = 4
    assert ("inputs_changed", "reviews: AG-a") in codes(changed)
    assert ("score_differs", "AG-a") in codes(changed)
    assert ("score_differs", "AG-a / impact") in codes(again(changed)), "though every fingerprint was forged"
    assert not {where for code, where in codes(changed) if code == "inputs_changed"} - {
        "reviews: AG-a",
        "inputs",
    }


def test_two_marks_that_make_up_for_each_other_are_found(raw):
    changed = copy.deepcopy(raw)
    changed["reviews"][0]["marks"]["impact"] += 1
    changed["reviews"][1]["marks"]["impact"] -= 1
    assert codes(changed) == {("inputs_changed", "reviews: AG-a"), ("inputs_changed", "inputs")}


def test_a_changed_seed_is_found(raw):
    changed = copy.deepcopy(raw)
    changed["seed"] = "un autre"
    assert ("inputs_changed", "seed") in codes(changed)
    assert ("reason_differs", "AG-a") in codes(again(changed)), "the lots written are not those of this seed"


def test_a_changed_order_is_found(raw):
    changed = copy.deepcopy(raw)
    rows = changed["order"]
    rows[2]["rank"], rows[3]["rank"] = 4, 3
    found = codes(changed)
    assert {("rank_differs", "AG-a"), ("rank_differs", "AG-b")} <= found
    rows[2], rows[3] = rows[3], rows[2]
    assert {("rank_differs", "AG-a"), ("rank_differs", "AG-b")} <= codes(changed)


def _with(change):
    def changed(document):
        found = copy.deepcopy(document)
        change(found)
        return found

    return changed


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d["order"].pop(0), ("missing", "order: AG-g")),
        (lambda d: d["order"].append(d["order"][0]), ("unexpected", "order")),
        (
            lambda d: d["order"].append(d["order"][0] | {"file": "AG-f", "rank": 5}),
            ("unexpected", "order: AG-f"),
        ),
        (lambda d: d["order"].reverse(), ("rank_differs", "order")),
        (lambda d: d["unranked"].pop(0), ("missing", "unranked: AG-d")),
        (lambda d: d["unranked"].append(d["unranked"][0]), ("unexpected", "unranked")),
        (lambda d: d["unranked"][0].update(file="AG-g"), ("unexpected", "unranked: AG-g")),
        (lambda d: d["unranked"][0].update(value="3/4"), ("unranked_differs", "AG-d")),
        (lambda d: d["order"][1].update(after="draw"), ("reason_differs", "AG-c")),
        (lambda d: d["order"][1]["means"].pop("care"), ("score_differs", "AG-c / care")),
        (lambda d: d["grid"].update(total_floor=20), ("inputs_changed", "rules")),
        (lambda d: d.update(call="another"), ("inputs_changed", "rules")),
        (lambda d: d["files"].append("AG-z"), ("inputs_changed", "files")),
        (lambda d: d["reviews"].pop(), ("inputs_changed", "reviews: AG-g")),
        (lambda d: d["sha256"].update(inputs="0" * 64), ("inputs_changed", "inputs")),
        (lambda d: d["grid"]["criteria"][0].update(weight=51), ("incoherent", "grid.weights")),
        (lambda d: d["grid"]["criteria"][0].update(code="cost"), ("incoherent", "grid.criteria")),
        (lambda d: d["grid"]["criteria"][0].update(floor=9), ("incoherent", "grid.criteria.impact")),
        (lambda d: d["grid"]["tie_break"].append("luck"), ("incoherent", "grid.tie_break")),
        (lambda d: d["files"].append("AG-a"), ("incoherent", "files")),
        (lambda d: d["reviews"].append(d["reviews"][0]), ("incoherent", "reviews")),
        (lambda d: d["reviews"][0].update(file="AG-z"), ("incoherent", "AG-z / e01")),
        (lambda d: d["reviews"][0]["marks"].pop("cost"), ("incoherent", "AG-a / e01")),
        (lambda d: d["reviews"][0]["marks"].update(cost=5), ("incoherent", "AG-a / e01 / cost")),
        (lambda d: d.update(corrected={"AG-a": 1}), ("incoherent", "corrected")),
        (lambda d: d.update(method="corrected", corrected={"AG-a": 1}), ("incoherent", "corrected")),
    ],
)
def test_whatever_is_changed_is_named(raw, change, expected):
    changed = _with(change)(raw)
    assert expected in codes(changed)
    assert verify(changed).readable


def leaves(part, path=()):
    """Every value of a document with the way to it."""
    yield path, part
    children = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, child in children:
        yield from leaves(child, (*path, key))


WHOLE = made()
PATHS = [path for path, _ in leaves(WHOLE) if path and path[0] not in {"platform", "made_at"}]
values = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 6), st.integers(), st.floats(), st.text(max_size=5),
    st.sampled_from(["AG-a", "AG-g", "e01", "impact", "0", "5/2", "draw", "f" * 64]),
    st.just([]), st.just({}), st.dictionaries(st.sampled_from(["impact", "file"]), st.integers(0, 4)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATHS), values, st.booleans())
def test_no_change_of_any_value_passes_and_none_breaks_the_check(path, value, forged):
    """Replaced by anything, with or without fingerprints written anew: refused, and never an exception."""
    changed = copy.deepcopy(WHOLE)
    at = changed
    for key in path[:-1]:
        at = at[key]
    same = at[path[-1]] == value and type(at[path[-1]]) is type(value)
    at[path[-1]] = value
    found = verify(changed)
    assert found.ok == same
    if forged and found.readable and path[0] in {"order", "unranked"}:
        assert not verify(again(changed)).ok or same, "what is computed cannot be forged"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([path for path in PATHS if isinstance(path[-1], int) or len(path) > 1]))
def test_nothing_can_be_taken_away(path):
    changed = copy.deepcopy(WHOLE)
    at = changed
    for key in path[:-1]:
        at = at[key]
    defaulted = path[-1] in {"floor", "draw", "criterion", "total_floor", "minimum_reviews"}
    taken = at.pop(path[-1])
    assert not verify(changed).ok or (defaulted and taken in (None, 1))


def test_a_corrected_ranking_verifies_itself(corrected):
    assert verify(json.dumps(corrected)).ok
    assert corrected["method"] == "corrected"
    scores = [Fraction(row["score"]) for row in corrected["order"]]
    assert scores == sorted(scores, reverse=True)
    assert {row["file"]: Fraction(row["score"]) * 100 for row in corrected["order"]} == corrected["corrected"]


def test_a_corrected_score_may_differ_by_a_hundredth_and_no_more(corrected):
    nudged = copy.deepcopy(corrected)
    file = corrected["order"][0]["file"]
    nudged["corrected"][file] += 2
    assert ("corrected_differs", file) in codes(again(nudged))
    nudged["corrected"][file] -= 1
    by_file = Document.model_validate(nudged).by_file()
    found = rank(Document.model_validate(nudged).grid.rules(), by_file, nudged["seed"], nudged["corrected"])
    assert verify(again(nudged | record.written(found))).ok, "as another machine would have written it"


def test_marks_that_allow_no_correction_are_said(corrected):
    alike = copy.deepcopy(corrected)
    for one in alike["reviews"]:
        one["marks"] = marks((2, 2, 2))
    assert ("not_estimable", "no_variation") in codes(again(alike))


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", '{"format": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, b"\xff\xfe", "{}",
        '{"format": "indh-ranking-2"}', "1" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_ranking_is_said_to_be_none(text):
    found = verify(text)
    assert not found.ok
    assert not found.readable
    assert found.faults[0].code == "unreadable"


def test_a_field_too_many_or_of_another_type_is_no_ranking(raw):
    assert not verify(raw | {"more": 1}).readable
    assert not verify(raw | {"files": "AG-a"}).readable
    assert not verify(raw | {"seed": ""}).readable
    assert not verify(raw | {"order": [raw["order"][0] | {"rank": True}]}).readable
    assert not verify(raw | {"order": [raw["order"][0] | {"score": "1/0"}]}).readable


def test_what_does_not_hold_together_is_not_written():
    with pytest.raises(ValueError, match=r"AG-a / e01 / impact: 9 0–4"):
        made(reviews=[Review(file="AG-a", evaluator="e01", marks=marks((9, 1, 1)))])


def test_pseudonyms_need_the_key():
    people = [f"person-{n}" for n in range(120)]
    found = pseudonyms(people, b"key")
    assert found == pseudonyms(people[::-1], b"key")
    assert sorted(found.values()) == [f"e{n:03}" for n in range(1, 121)]
    assert found != pseudonyms(people, b"another")
    assert [found[one] for one in people] != sorted(found.values())
    Review(file="a", evaluator=found["person-0"], marks={})


def test_the_fingerprint_is_that_of_canonical_json(raw):
    parts = {name: value for name, value in raw["sha256"].items() if name != "inputs"}
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert raw["sha256"]["inputs"] == hashlib.sha256(text.encode()).hexdigest()
    assert Document.model_validate(raw).sha256.seed == hashlib.sha256(b'"tirage du 22 novembre"').hexdigest()
    assert record.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


# -- the command ------------------------------------------------------------------------------------------


def test_the_command_says_yes_no_or_neither(raw, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    file = tmp_path / "classement.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    assert cli.main(["ranking", "verify", str(file)]) == 0
    said = capsys.readouterr().out
    assert "classement vérifié" in said
    assert raw["sha256"]["inputs"] in said
    assert cli.main(["ranking", "verify", str(file), "--lang", "ar"]) == 0
    assert "تم التحقق من الترتيب" in capsys.readouterr().out
    changed = copy.deepcopy(raw)
    changed["reviews"][0]["marks"]["impact"] = 0
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert cli.main(["ranking", "verify", str(file)]) == 1
    assert "AG-a : note 125/2 écrite, 175/4 calculée." in capsys.readouterr().err.replace("\u00a0", " ")
    file.write_text("{}", encoding="utf-8")
    assert cli.main(["ranking", "verify", str(file)]) == 2
    assert "n’est pas un classement" in capsys.readouterr().err
    assert cli.main(["ranking", "verify", str(tmp_path / "none")]) == 2
    assert cli.main(["ranking", "verify", str(tmp_path)]) == 2


def test_many_differences_are_told_in_part_and_a_huge_file_not_read(raw, tmp_path, capsys, monkeypatch):
    from backend.reviews import cli as command

    file = tmp_path / "classement.json"
    file.write_text(json.dumps(raw | {"seed": "x", "order": []}), encoding="utf-8")
    monkeypatch.setattr(command, "SHOWN", 2)
    assert command.main(["verify", str(file)]) == 1
    assert "de plus" in capsys.readouterr().err
    monkeypatch.setattr(command, "LARGEST", 10)
    assert command.main(["verify", str(file)]) == 2
    assert "trop grand" in capsys.readouterr().err


def test_the_command_needs_neither_a_database_nor_numpy_for_raw_scores(raw, tmp_path):
    import subprocess
    import sys

    file = tmp_path / "classement.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    code = (
        "import sys; from backend.cli import main; code = main(['ranking', 'verify', sys.argv[1]]);"
        "sys.exit(code or 3 * bool({'numpy', 'scipy', 'sqlalchemy', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_code_has_words():
    from backend.reviews.panel.words import said_codes

    for lang in LANGUAGES:
        for code in [*said_codes(), *(f"ranking.fault.{one}" for one in CODES)]:
            assert has(lang, code), (lang, code)
