"""The officer's list among a hundred thousand dossiers: words in two languages, filters, counts by state."""

import json
from functools import partial
from urllib.parse import urlencode

from backend.ops.bench import dossiers
from backend.ops.bench.data import cookie
from backend.ops.bench.http import Unexpected
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import BARE, OURS, Rig
from backend.ops.bench.statistics import interleaved, ratio

EACH = 15  # requests of each side in a round
TIMES = 10  # calls with as many dossiers each
ASKED = (
    # name, words typed, the same for the database
    ("fr", "zellige TIFAOUT", "zellige:* & tifaout:*"),
    ("ar", "الزَّعفران تيفاوت", "زعفران:* & تيفاوت:*"),
)
LEAST = 20_000_500  # centimes


def search(rig: Rig) -> Result:
    """Words, a state and an amount: 50 rows as JSON beside the same SQL, and the page with its counts."""
    with rig.database() as name:
        with rig.owner(name) as db:
            number = dossiers.crowd(db, rig.loaded.ranked_call, TIMES)
        with rig.serve(OURS, name) as ours, rig.serve(BARE, name) as bare:
            api, page = ours.client(cookie=cookie("officer")), ours.client(cookie=cookie("officer"))
            simple = bare.client()
            sides = {}
            for lang, typed, query in ASKED:
                said = {"q": typed, "state": "eligible"}
                limit = {"q": query, "state": "eligible", "least": LEAST}
                api_path = f"/api/v1/applications?{urlencode(said | {'requested_from_centimes': LEAST})}"
                page_path = f"/das/applications?{urlencode(said | {'least': LEAST // 100})}"
                sides[lang] = partial(api.get, api_path)
                sides[f"{lang} limit"] = partial(simple.get, f"/list?{urlencode(limit)}")
                sides[f"{lang} page"] = partial(page.get, page_path)
                sides[f"{lang} both"] = partial(simple.get, f"/list?{urlencode(limit | {'counts': 1})}")
            _same(sides)
            interleaved(sides, 1, EACH)  # warm
            found = interleaved(sides, rig.rounds, EACH)
            result = Result("list-search", data=f"{number} dossiers", target_ratio=2, target_sql=6)
            result.limit = (
                "FastAPI endpoint: the same SQL over the same tables, raw to JSON, nobody signed in"
            )
            result.timings(found["fr"])
            result.limit_p50_ms = found["fr limit"].p50 * 1e3
            result.per_second = 1 / found["fr"].p50
            result.ratio = ratio(found["fr"], found["fr limit"])
            result.more.append(Target("ratio in Arabic", ratio(found["ar"], found["ar limit"]), 2))
            before = rig.cpu(ours.pid)
            for _ in range(EACH):
                sides["fr"]()
            result.cpu_ms = (rig.cpu(ours.pid) - before) / EACH * 1e3
            result.sql = rig.statements(name, sides["fr"])
            result.more.append(Target("SQL of the page", rig.statements(name, sides["fr page"]), 6))
            result.memory_mb = peak_mb(ours.pid)
            for lang, _, _ in ASKED:
                both = ratio(found[f"{lang} page"], found[f"{lang} both"])
                p50 = found[f"{lang} page"].p50 * 1e3
                result.notes.append(
                    f"page in {lang}, with counts by state: p50 {p50:.1f} ms, {both:.2f} × its two statements"
                )
    return result


def _same(sides: dict[str, partial[bytes]]) -> None:
    """Both sides find the same dossiers, and some: a fast list of nothing measures nothing."""
    for lang, _, _ in ASKED:
        ours, limit = (json.loads(sides[one]())["items"] for one in (lang, f"{lang} limit"))
        if not ours or [row["number"] for row in ours] != [row["number"] for row in limit]:
            raise Unexpected(f"the two lists differ ({lang}): {len(ours)} and {len(limit)}")
