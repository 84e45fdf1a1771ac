"""The public pages: figures equal what is recorded, unreachable projects both ways, and nobody is named."""

import csv
import io
from typing import Any

import anyio
import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.tx import transaction
from backend.decisions.models import Decision, DecisionOutcome, DecisionState
from backend.durability.models import ProjectStatus
from backend.durability.schemas import AgeRow
from backend.funding import commands as funding
from backend.funding.models import Tranche, TrancheState
from backend.observatory.queries import public
from backend.people.models import LegalForm, Organisation
from backend.web.tables import csv_file, dirhams, safe
from tests.funding import given as conventions
from tests.observatory import given

HERE, THERE, TANGIER = "09.001", "09.541", "01.511"


def page(client: Any, path: str = "/observatory", who: str | None = None) -> str:
    answer = client(who).get(path, headers={"accept": "text/html", "accept-language": "fr"})
    assert answer.status_code == 200
    return answer.text


def table(client: Any, path: str) -> list[dict[str, str]]:
    answer = client(None).get(path, headers={"accept-language": "fr"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert answer.headers["x-row-count"] == str(len(rows))
    assert f"-{len(rows)}.csv" in answer.headers["content-disposition"]
    return rows


def test_nothing_yet(world: Any, client: Any) -> None:
    text = page(client)
    assert "Aucun projet n’est encore financé" in text
    assert "publication des résultats" in text
    summary = client(None).get("/api/v1/observatory/summary").json()
    assert (summary["figures"]["projects"], summary["figures"]["active_low"]) == (0, None)
    assert (summary["provinces"], summary["causes"], summary["in_difficulty"]) == ([], [], 0)
    assert client(None).get("/api/v1/observatory/funded").json() == {"items": [], "next": None}
    assert table(client, "/observatory/funded.csv") == []


def test_only_adopted_decisions_to_fund_count(world: Any, client: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = conventions.a_call(tx, world)
        conventions.public(tx, world, call)
        session = conventions.a_session(tx, world)
        args = (tx, world, call, session)
        conventions.a_decision(*args, world.tifaout, 1, outcome=DecisionOutcome.REFUSED)
        other = conventions.a_decision(*args, world.rival_cooperative, 2, state=DecisionState.PROPOSED)
    assert client(None).get("/api/v1/observatory/summary").json()["figures"]["projects"] == 0
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Decision).where(Decision.application_id == other).values(state=DecisionState.ADOPTED)
            .execution_options(dml_strategy="core_only")
        )  # fmt: skip
        conventions.a_letter(tx, other, call)
    text = page(client)
    assert "1 projet financé, pas encore de recul" in text
    assert "Tous les fonds vont à" in text
    assert "Pas encore interrogé" in text


def test_figures_equal_what_the_database_holds(world: Any, client: Any) -> None:
    first, second, third = given.followed(world, 3)
    given.moved(third, TANGIER)
    given.answered(world, first, ProjectStatus.ACTIVE, jobs_women=5, jobs_men=2)
    given.answered(world, first, ProjectStatus.SEASONAL, months=12, jobs_women=3)
    given.answered(world, second, ProjectStatus.UNREACHABLE)
    given.answered(
        world, third, ProjectStatus.STOPPED, causes=["outlets", "utilities"], jobs_women=0, jobs_men=0
    )
    summary = client(None).get("/api/v1/observatory/summary").json()
    with transaction(SYSTEM) as tx:
        decided = tx.session.scalar(select(func.sum(Decision.amount_centimes)))
        released = tx.session.scalar(
            select(func.sum(Tranche.amount_centimes)).where(Tranche.state == TrancheState.RELEASED)
        )
    assert summary["figures"] == {
        "projects": 3,
        "decided_centimes": decided,
        "released_centimes": released,
        "jobs_women": 3,  # of each project's last answer
        "jobs_men": 0,
        "told": 2,
        "answered": 3,
        "active": 1,
        "unreachable": 1,
        "active_low": pytest.approx(1 / 3),
        "active_high": pytest.approx(2 / 3),
    }
    for name in ("projects", "decided_centimes", "released_centimes", "jobs_women", "answered", "active"):
        assert sum(place["figures"][name] for place in summary["provinces"]) == summary["figures"][name]
    assert [place["code"] for place in summary["provinces"]] == [TANGIER, HERE]
    assert summary["in_difficulty"] == 1
    assert summary["causes"] == [{"cause": "outlets", "projects": 1}, {"cause": "utilities", "projects": 1}]
    assert [(r["months"], r["answered"], r["active"]) for r in summary["by_age"]] == [(6, 3, 1), (12, 1, 1)]


def test_a_cancelled_convention_keeps_what_it_was_paid(world: Any) -> None:
    (convention_id,) = given.followed(world)
    with transaction(world.officer) as tx:
        funding.cancel(tx, convention_id, "Le porteur renonce.")
    with transaction(ANONYMOUS) as tx:
        figures = public.total(public.places(tx))
    assert figures.released_centimes > 0
    assert figures.projects == 1


def test_the_title_is_true_of_the_numbers(world: Any, client: Any) -> None:
    first, second, third = given.followed(world, 3)
    given.answered(world, first, ProjectStatus.ACTIVE)
    assert "6 mois après la convention, 1 projet sur 1 est en activité" in page(client)
    given.answered(world, second, ProjectStatus.UNREACHABLE)
    assert "6 mois après la convention, de 1 à 2 projets sur 2 sont en activité" in page(client)
    given.answered(world, third, ProjectStatus.STOPPED, causes=["outlets"])
    given.answered(world, first, ProjectStatus.ACTIVE, months=12)
    text = page(client)
    assert "de 1 à 2 projets sur 3 sont en activité" in text
    assert "Débouchés\u00a0: première cause de difficulté" in text
    assert "À 12 mois, 100\u00a0% au moins" in text or "Tous les projets interrogés" in text
    assert '<polygon class="band"' in text
    assert "Voir les chiffres en tableau" in text


def test_large_numbers_are_told_in_shares(world: Any, client: Any) -> None:
    made = given.followed(world, 21)
    for convention_id in made[:20]:
        given.answered(world, convention_id, ProjectStatus.ACTIVE, jobs_women=1, turnover_centimes=100)
    assert client(None).get("/api/v1/observatory/summary").json()["by_age"][0]["turnover_centimes"] == 2000
    assert "100\u00a0% des projets sont en activité" in page(client)
    given.answered(world, made[20], ProjectStatus.UNREACHABLE)
    text = page(client)
    assert "entre 95\u00a0% et 100\u00a0% des projets sont en activité" in text
    assert "MDH" in text
    assert "cursor=" in text


def row(months: int, answered: int) -> AgeRow:
    return AgeRow(
        months=months, due=answered, answered=answered, active=answered, unreachable=0, stopped=0,
        active_low=None, active_high=None, jobs_women=0, jobs_men=0, turnover_centimes=0,
    )  # fmt: skip


def test_which_age_carries_the_finding() -> None:
    assert public.finding([]) is None
    assert public.finding([row(6, 0)]) is None
    assert public.finding([row(6, 40), row(12, 10), row(24, 9)]) == row(12, 10)
    assert public.finding([row(6, 3), row(12, 9), row(24, 9)]) == row(24, 9)


figures = st.builds(public.Figures, *[st.integers(0, 10**9)] * 9)


@forall(st.lists(st.tuples(st.sampled_from("abc"), figures), max_size=12))
def test_regions_and_country_add_up(some: list[tuple[str, public.Figures]]) -> None:
    places = [
        public.Place(f"{r}{i}", {}, r, {}, f) for i, (r, f) in enumerate(sorted(some, key=lambda x: x[0]))
    ]
    regions = public.regions(places)
    assert len(regions) == len({place.region_code for place in places})
    assert public.total(regions) == public.total(places)
    assert public.total(places).jobs == sum(place.figures.jobs for place in places)


def test_the_register_names_projects_and_no_person(world: Any, client: Any) -> None:
    first, second = given.followed(world, 2)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Organisation)
            .where(Organisation.id == world.rival_cooperative)
            .values(name={"fr": "Fatima Amrani", "ar": "فاطمة أمراني"}, legal_form=LegalForm.SOLE_TRADER)
        )
    given.answered(
        world,
        first,
        ProjectStatus.ACTIVE,
        note="Le mari de Khadija est malade.",
        turnover_centimes=777_123_451,
    )
    given.answered(world, second, ProjectStatus.ACTIVE)
    private = (
        "Fatima",
        "فاطمة",
        "Khadija",
        "777123451",
        "7\u00a0771\u00a0234",
        "Membre 0",
        "Holder",
        "Coach",
        "exemple.test",
        "4112/2019",
    )
    listed = client(None).get("/api/v1/observatory/funded")
    assert set(listed.json()["items"][0]) == {
        "title", "organisation", "legal_form", "commune", "province_code", "province", "region", "chain",
        "decided_on", "amount_centimes", "status", "status_months",
    }  # fmt: skip
    texts = [listed.text, page(client), client(None).get("/observatory/funded.csv").text]
    texts += [client(None).get("/api/v1/observatory/summary").text, page(client, "/observatory?lang=ar")]
    for text in texts:
        assert not [word for word in private if word in text]
    assert "Coopérative Tifaout" in texts[0]


@pytest.mark.parametrize("who", [None, "holder", "rival", "officer", "auditor"])
def test_everybody_reads_the_same(world: Any, client: Any, who: str | None) -> None:
    """Non-interference: who you are changes no figure of the public answers."""
    given.answered(world, given.followed(world, 2)[0], ProjectStatus.ACTIVE)
    for path in (
        "/api/v1/observatory/funded",
        "/observatory/funded.csv?lang=fr",
        "/observatory/provinces.csv?lang=fr",
    ):
        assert client(who).get(path).text == client(None).get(path).text


def test_the_register_pages_and_narrows(world: Any, client: Any) -> None:
    made = given.followed(world, 3)
    given.moved(made[2], THERE)
    seen, cursor = [], ""
    while cursor is not None:
        got = client(None).get(f"/api/v1/observatory/funded?limit=2{cursor and '&cursor=' + cursor}").json()
        seen += [item["title"] for item in got["items"]]
        cursor = got["next"]
    assert len(seen) == len(set(seen)) == 3
    there = client(None).get(f"/api/v1/observatory/funded?province={THERE}").json()["items"]
    assert [item["province_code"] for item in there] == [THERE]
    assert len(table(client, f"/observatory/funded.csv?province={HERE}")) == 2
    assert "Aucun projet dans cette province" in page(client, "/observatory?province=10.999")
    assert "Par province" in page(client, f"/observatory?by=province&province={THERE}")
    assert client(None).get("/observatory?cursor=junk").status_code == 422


def test_the_files_say_what_the_page_says(world: Any, client: Any) -> None:
    made = given.followed(world, 2)
    given.answered(world, made[0], ProjectStatus.ACTIVE, jobs_women=4)
    (province,) = table(client, "/observatory/provinces.csv")
    assert (province["Projets"], province["Décidé en DH"], province["Emplois : femmes"]) == (
        "2",
        "312000,02",
        "4",
    )
    six, twelve = table(client, "/observatory/survival.csv")
    assert (six["Interrogés"], six["Part en activité, injoignables arrêtés"]) == ("1", "1,000")
    assert (twelve["Interrogés"], twelve["Part en activité, injoignables actifs"]) == ("0", "")
    assert {line["Situation"] for line in table(client, "/observatory/funded.csv")} == {"En activité", ""}


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", " =x", "\tx", "\rx", "\n=x"])
def test_a_spreadsheet_runs_nothing(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe(cell) for cell in ("Miel", 12, -3, None, "a=b", "")] == ["Miel", 12, -3, "", "a=b", ""]
    assert (dirhams(15_600_001), dirhams(5)) == ("156000,01", "0,05")


def test_a_title_that_is_a_formula_is_shown_as_text(world: Any, client: Any) -> None:
    from backend.applications.models import Application

    given.followed(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).values(title='=HYPERLINK("http://x")'))
    (line,) = table(client, "/observatory/funded.csv")
    assert line["Projet"].startswith("'=")


def test_a_long_file_is_streamed(world: Any) -> None:
    answer = csv_file("long", ["n"], ([n, "x" * 100] for n in range(20_000)))
    assert answer.headers["x-row-count"] == "20000"
    assert int(answer.headers["content-length"]) > 2_000_000

    async def whole() -> int:
        return sum([len(chunk) async for chunk in answer.body_iterator])

    assert str(anyio.run(whole)) == answer.headers["content-length"]


def test_the_page_costs_the_same_for_one_and_three(world: Any, client: Any, statements: Any) -> None:
    made = given.followed(world, 1)
    given.answered(world, made[0], ProjectStatus.ACTIVE)
    with statements() as one:
        page(client)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        session = conventions.a_session(tx, world)
        for n in (2, 3):
            conventions.a_decision(tx, world, world.call, session, conventions._another(tx, n), n)
    with statements() as three:
        assert page(client).count("Miel d’euphorbe") == 3
    assert len(one) == len(three) <= 6


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_both_languages_whole(world: Any, client: Any, lang: str) -> None:
    import re

    made = given.followed(world, 2)
    given.answered(world, made[0], ProjectStatus.STOPPED, causes=["outlets"])
    text = page(client, f"/observatory?lang={lang}")
    assert f'lang="{lang}"' in text
    assert not re.search(r"(enum|state|verb|event|field|desk|problem)\.\w", text)
