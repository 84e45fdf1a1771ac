"""A ranking that anyone can compute again, and in which whatever is changed is found and named."""

import copy
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import cli
from backend.calls.callfile import read
from backend.core.i18n import LANGUAGES, has
from backend.reviews.panel import record
from backend.reviews.panel.official import official
from backend.reviews.panel.order import Criterion, Rules, rank
from backend.reviews.panel.record import Document, GridRules, Review, compose, digests, pseudonyms
from backend.reviews.panel.verify import CODES, verify
from backend.reviews.scoring import drawn, standing

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
        "pass_mark": 40,
    }
)
# Two readers each; a and b are equal in all, d is below the floor of impact, e below the pass mark, f was
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


FEW = {file: LEVELS[file] for file in "abc"}


def marks(levels):
    return dict(zip(("impact", "cost", "care"), levels, strict=True))


def reviews(levels=LEVELS):
    return [
        Review(file=f"AG-{file}", evaluator=f"e{at:02}", marks=marks(one))
        for file, given_ in levels.items()
        for at, one in enumerate(given_, 1)
    ]


def made(asked="raw", **parts):
    known = {
        "call": "agadir-2023",
        "platform": "0.1.0",
        "made_at": "2026-11-22T19:00:00Z",
        "asked": asked,
        "seed": "tirage du 22 novembre",
        "grid": GRID,
        "files": [f"AG-{file}" for file in LEVELS],
        "reviews": reviews(),
    }
    return compose(**(known | parts)).model_dump(mode="json")


@pytest.fixture(scope="module")
def raw():
    return made()


def estimable(**parts):
    """A panel whose scores can be corrected."""
    levels = {
        f"{n:02}": [((n * 7 + e) % 5, (n + 2 * e) % 5, (n * e) % 5) for e in range(3)] for n in range(12)
    }
    given_ = reviews(levels)
    files = [f"AG-{n}" for n in levels]
    draft = Document.model_validate(made(files=files, reviews=given_))
    return {"files": files, "reviews": given_, "corrected": official(record.totals(draft)).hundredths()}


@pytest.fixture(scope="module")
def corrected():
    return made("corrected", **estimable())


@pytest.fixture(scope="module")
def fallen_back():
    """One that asks for corrected scores, of evaluators who read too few dossiers."""
    return made("corrected", refused="few_files", reviews=reviews(FEW))


def again(document):
    """With every fingerprint written anew, as a forger would."""
    return document | {"sha256": digests(document)}


def codes(document):
    return {(fault.code, fault.where) for fault in verify(json.dumps(document)).faults}


def test_the_order_its_ties_its_draw_and_what_cannot_be_funded(raw):
    rows = [(row["rank"], row["file"], row["score"], row["after"], row["below"]) for row in raw["order"]]
    first, second = sorted(["AG-a", "AG-b"], key=lambda file: drawn(raw["seed"], file))
    assert rows == [
        (1, "AG-f", 10000, "first", []),
        (2, "AG-g", 9750, "score", []),
        (3, "AG-c", 6375, "score", []),
        (4, first, 6250, "score", []),
        (5, second, 6250, "draw", []),
        (6, "AG-d", 5625, "score", ["impact"]),
        (7, "AG-e", 2875, "score", ["total"]),
    ]
    assert [row["file"] for row in raw["order"] if row["draw"]] == [first, second]
    assert raw["unread"] == ["AG-h"]
    assert verify(raw).ok


def test_a_tie_is_broken_by_the_list_in_its_order():
    equal = {"x": [marks((2, 2, 2))], "y": [marks((2, 0, 5))]}
    found = rank(Rules(5, RULES.criteria, ("care", "cost")), equal, "s")
    assert found.ranked[0].score == found.ranked[1].score
    assert [(one.file, one.after) for one in found.ranked] == [("y", "first"), ("x", "care")]
    found = rank(Rules(5, RULES.criteria, ("impact", "cost", "care")), equal, "s")
    assert [(one.file, one.after) for one in found.ranked] == [("x", "first"), ("y", "cost")]


def test_a_lot_is_what_sha256sum_says():
    equal = rank(RULES, {"AG-1": [marks((1, 1, 1))], "AG-2": [marks((1, 1, 1))]}, "graine").ranked
    assert {one.file: one.draw for one in equal} == {
        file: hashlib.sha256(b"graine" + file.encode()).hexdigest() for file in ("AG-1", "AG-2")
    }


def test_equal_to_the_hundredth_is_equal():
    """Weights 1 and 99 over seven levels: 14,29 and 14,24 are not, 14,2857 and 14,2876 would be."""
    rules = Rules(7, (Criterion("p", 1), Criterion("q", 99)), ("p",))
    near = {"x": [{"p": 1, "q": 1}] * 3, "y": [{"p": 1, "q": 1}, {"p": 1, "q": 1}, {"p": 0, "q": 1}]}
    assert [one.score for one in rank(rules, near, "s").ranked] == [1429, 1424]
    thirds = Rules(3, (Criterion("p", 50), Criterion("q", 50)), ("q",))
    alike = {"x": [{"p": 1, "q": 0}], "y": [{"p": 0, "q": 1}]}
    found = rank(thirds, alike, "s").ranked
    assert [(one.file, one.score, one.after) for one in found] == [("y", 1667, "first"), ("x", 1667, "q")]


def test_scores_and_rules_are_those_of_the_call():
    rules = GridRules.of(CALL.grid).rules()
    assert rules.tie_break == CALL.grid.tie_break
    assert rules.pass_mark == CALL.grid.pass_mark
    given_ = [{one.code: (at * 3 + n) % 5 for at, one in enumerate(CALL.grid.criteria)} for n in range(3)]
    (place,) = rank(rules, {"a": given_}, "s").ranked
    kept = standing(CALL.grid, given_)
    assert (place.score, place.means) == (kept.score, kept.criteria)


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
    lots = {("reason_differs", "AG-a"), ("reason_differs", "AG-b")}
    assert lots & codes(again(changed)), "the lots written are not those of this seed"


def test_a_changed_order_is_found(raw):
    changed = copy.deepcopy(raw)
    rows = changed["order"]
    rows[3]["rank"], rows[4]["rank"] = 5, 4
    found = codes(changed)
    assert {("rank_differs", "AG-a"), ("rank_differs", "AG-b")} <= found
    rows[3], rows[4] = rows[4], rows[3]
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
        (lambda d: d["order"].pop(0), ("missing", "order: AG-f")),
        (lambda d: d["order"].append(d["order"][0]), ("unexpected", "order")),
        (
            lambda d: d["order"].append(d["order"][0] | {"file": "AG-h", "rank": 8}),
            ("unexpected", "order: AG-h"),
        ),
        (lambda d: d["order"].reverse(), ("ranks_out_of_order", "order")),
        (lambda d: d["unread"].pop(0), ("missing", "unread: AG-h")),
        (lambda d: d["unread"].append("AG-h"), ("unexpected", "unread")),
        (lambda d: d["unread"].append("AG-g"), ("unexpected", "unread: AG-g")),
        (lambda d: d["order"][5].update(below=[]), ("below_differs", "AG-d")),
        (lambda d: d.update(refused="few_files"), ("incoherent", "refused")),
        (lambda d: d.update(asked="corrected"), ("incoherent", "refused")),
        (lambda d: d["order"][1].update(after="draw"), ("reason_differs", "AG-g")),
        (lambda d: d["order"][1]["means"].pop("care"), ("score_differs", "AG-g / care")),
        (lambda d: d["grid"].update(pass_mark=20), ("inputs_changed", "rules")),
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
        (lambda d: d.update(method="corrected", corrected={"AG-a": 1}), ("incoherent", "method")),
        (
            lambda d: d.update(asked="corrected", method="corrected", corrected={"AG-a": 1}),
            ("incoherent", "corrected"),
        ),
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
    if forged and found.readable and path[0] in {"order", "unread"}:
        assert not verify(again(changed)).ok or same, "what is computed cannot be forged"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([path for path in PATHS if isinstance(path[-1], int) or len(path) > 1]))
def test_nothing_can_be_taken_away(path):
    changed = copy.deepcopy(WHOLE)
    at = changed
    for key in path[:-1]:
        at = at[key]
    defaulted = path[-1] in {"floor", "draw", "refused", "corrected"}
    taken = at.pop(path[-1])
    assert not verify(changed).ok or (defaulted and taken is None)


def test_a_corrected_ranking_verifies_itself(corrected):
    assert verify(json.dumps(corrected)).ok
    assert corrected["method"] == "corrected"
    scores = [row["score"] for row in corrected["order"]]
    assert scores == sorted(scores, reverse=True)
    assert {row["file"]: row["score"] for row in corrected["order"]} == corrected["corrected"]


def test_why_scores_are_not_corrected_is_computed_too(fallen_back):
    assert verify(fallen_back).ok
    assert fallen_back["method"] == "raw"
    assert ("refusal_differs", "refused") in codes(again(fallen_back | {"refused": "one_evaluator"}))
    assert ("refusal_differs", "refused") in codes(made("corrected", refused="few_files", **(
        estimable() | {"corrected": None}
    )))  # fmt: skip
    few = {f"AG-{one}": 5000 for one in FEW}
    other = made("corrected", corrected=few, reviews=reviews(FEW))
    assert ("not_estimable", "few_files") in codes(other)


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
    ("text", "code", "french"),
    [
        ("", "not_json", "Ce n’est pas du JSON : ligne 1, colonne 1."),
        ("{", "not_json", "Ce n’est pas du JSON : ligne 1, colonne 2."),
        ("[]", "not_an_object", None),
        ("null", "not_an_object", None),
        ('{"format": NaN}', "not_a_number", "Un nombre ne se lit pas (NaN)."),
        ('{"a": 1, "a": 2}', "key_repeated", "La clé a est écrite deux fois."),
        ("[" * 100_000, "too_deep", None),
        (b'{"\xff": 1}', "not_text", None),
        ("{}", "field_missing", "format : ce champ manque."),
        (
            '{"format": "indh-ranking-2"}',
            "value_unknown",
            'format : "indh-ranking-2" n’est pas une valeur admise.',
        ),
        ("1" * 5000, "not_a_number", None),
    ],
)
def test_what_is_no_ranking_is_said_to_be_none(text, code, french):
    from backend.reviews.cli import _words

    found = verify(text)
    assert not found.ok
    assert not found.readable
    assert found.faults[0].code == code
    said = _words(found.faults[0], "fr").replace("\u00a0", " ").replace("\u202f", " ")
    assert said == french or french is None
    assert not said.startswith("ranking.")


def test_a_field_too_many_or_of_another_type_is_no_ranking(raw):
    assert not verify(raw | {"more": 1}).readable
    assert not verify(raw | {"files": "AG-a"}).readable
    assert not verify(raw | {"seed": ""}).readable
    assert not verify(raw | {"order": [raw["order"][0] | {"rank": True}]}).readable
    assert not verify(raw | {"order": [raw["order"][0] | {"score": "1"}]}).readable


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
    assert "AG-a : note 62,50 écrite, 43,75 calculée." in capsys.readouterr().err.replace("\u00a0", " ")
    file.write_text("{}", encoding="utf-8")
    assert cli.main(["ranking", "verify", str(file)]) == 2
    assert "n’est pas un classement" in capsys.readouterr().err
    assert cli.main(["ranking", "verify", str(tmp_path / "none")]) == 2
    assert "n’existe pas" in capsys.readouterr().err
    assert cli.main(["ranking", "verify", str(tmp_path)]) == 2
    assert "est un dossier" in capsys.readouterr().err
    changed = copy.deepcopy(raw)
    changed["order"].reverse()
    changed["order"][0] |= {"after": "draw", "draw": None}
    changed["extra"] = "Field required"
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert cli.main(["ranking", "verify", str(file)]) == 2
    assert "extra : ce champ n’existe pas dans un classement." in capsys.readouterr().err.replace(
        "\u00a0", " "
    )
    del changed["extra"]
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert cli.main(["ranking", "verify", str(file)]) == 1
    said = capsys.readouterr().err.replace("\u00a0", " ")
    assert "ordre (order) : les rangs ne se suivent pas du premier au dernier." in said
    assert "départagé par le tirage dans le fichier, par la note au calcul." in said
    assert "None" not in said


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
    from backend.reviews import cli as command
    from backend.reviews.panel.words import said_codes

    for lang in LANGUAGES:
        for code in [*said_codes(), *command.said_codes(), *(f"ranking.fault.{one}" for one in CODES)]:
            assert has(lang, code), (lang, code)
