"""Alternates, renewals, corrections, the order and its file; sheets of seats; what is not published."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.committees import commands, queries, seating_sheet
from backend.committees.commands import SeatTerms, Terms
from backend.committees.models import College, Committee, Seat
from backend.committees.schemas import SeatCorrectIn
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people.models import Sex
from tests.files.given import pdf

HTML = {"accept": "text/html"}
TODAY = datetime.now(UTC).date()
BODY = {"fr": "Conseil provincial", "ar": "المجلس الإقليمي"}


def add(world: Any, person: str, **more: Any) -> Any:
    terms = SeatTerms(**{"college": College.CIVIL_SOCIETY, "body": BODY, "from_on": TODAY, **more})
    with transaction(world.officer) as tx:
        return commands.add_seat(tx, world.committee, world.people[person].id, terms).id


def refusal(act: Any, actor: Any) -> Problem:
    with pytest.raises(Problem) as found, transaction(actor) as tx:
        act(tx)
    return found.value


def seat(seat_id: Any) -> Seat:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Seat, seat_id)


def test_an_alternate_follows_the_titular(world: Any) -> None:
    titular = world.seats["third"]
    other = add(world, "coach", alternate_of_id=titular)
    assert (seat(other).college, seat(other).alternate_of_id) == (College.STATE, titular)
    with transaction(world.officer) as tx:
        sittings = queries.seats_on(tx, [world.committee], TODAY)
        assert queries.seat_counts(tx, [world.committee], TODAY)[world.committee] == 5
        assert [one.seat.id for one in queries.alternates(sittings)[titular]] == [other]
        commands.end_seat(tx, world.committee, titular, TODAY + timedelta(days=3))
    assert seat(other).until_on == TODAY + timedelta(days=3)
    for more in ({"alternate_of_id": other}, {"alternate_of_id": titular, "chairs": True}):
        with pytest.raises(Problem):
            add(world, "other_coach", **more)
    with pytest.raises(Problem):
        add(world, "other_coach", alternate_of_id=titular, from_on=TODAY + timedelta(days=9))


def test_a_mandate_is_renewed_once_it_has_an_end(world: Any) -> None:
    titular = world.seats["third"]
    other = add(world, "coach", alternate_of_id=titular)
    after = TODAY + timedelta(days=1)
    renew = commands.renew_seat
    assert refusal(lambda tx: renew(tx, world.committee, titular, after), world.officer).status == 422
    with transaction(world.officer) as tx:
        commands.end_seat(tx, world.committee, titular, TODAY)
    assert refusal(lambda tx: renew(tx, world.committee, titular, TODAY), world.officer).status == 422
    alone = refusal(lambda tx: renew(tx, world.committee, other, after), world.officer)
    assert alone.errors[0].code == "titular_not_renewed"
    with transaction(world.officer) as tx:
        made = renew(tx, world.committee, titular, after, after + timedelta(days=700))
        again = renew(tx, world.committee, other, after, after + timedelta(days=9000))
        assert again.alternate_of_id == made.id
        assert again.until_on == made.until_on
        assert next(one.seat.from_on for one in queries.every_seat(tx, world.committee)) == after
    assert refusal(lambda tx: renew(tx, world.committee, made.id, after), world.stranger).status == 403


def test_what_was_mistyped_is_mended(world: Any) -> None:
    mend = SeatCorrectIn(sex=Sex.WOMAN, birth_year=1990, college=College.ELECTED)
    third = world.seats["third"]
    with transaction(world.officer) as tx:
        commands.correct_seat(tx, world.committee, third, mend)
        commands.correct_seat(tx, world.committee, third, mend)
    assert (seat(third).sex, seat(third).birth_year, seat(third).college) == (
        Sex.WOMAN,
        1990,
        College.ELECTED,
    )
    correct = commands.correct_seat
    for wrong in (SeatCorrectIn(birth_year=1901), SeatCorrectIn(name={"fr": "A", "ar": "ب"})):
        found = refusal(lambda tx, one=wrong: correct(tx, world.committee, third, one), world.officer)
        assert found.status == 422
    with pytest.raises(Problem):
        add(world, "coach", birth_year=TODAY.year)


def test_sex_and_birth_year_are_not_published(world: Any, client: Any) -> None:
    with transaction(world.officer) as tx:
        asked = SeatCorrectIn(sex=Sex.WOMAN, birth_year=1987)
        commands.correct_seat(tx, world.committee, world.seats["third"], asked)
    base = f"/committees/{world.committee}"
    for name in (None, "holder", "evaluator", "stranger"):
        for path in (base, f"{base}/history", f"/api/v1{base}"):
            text = client(name).get(path).text
            assert not re.search(r"(?<![0-9a-f-])1987(?![0-9a-f-])", text)  # an id may hold these signs
        assert client(name).get(f"/api/v1{base}/seats").status_code in (401, 403)
        assert "1987" not in cells(client(name).get(f"{base}/roster/export.xlsx").content)
    for name in ("officer", "auditor"):
        assert "1987" in cells(client(name).get(f"{base}/roster/export.xlsx").content)
        assert "1987" in client(name).get(f"/api/v1{base}/seats").text


def cells(book: bytes) -> str:
    from backend.people.roster import reader

    return str(reader.cells(book))


def test_second_quorum_needs_its_days(world: Any) -> None:
    set_it = commands.set_procedure
    for terms in (
        Terms(second_quorum=(1, 3)),
        Terms(second_after_days=3, second_quorum=(4, 3)),
        Terms(majority=(1, 1)),
    ):
        found = refusal(lambda tx, one=terms: set_it(tx, world.committee, TODAY, one), world.officer)
        assert found.status == 422
    with transaction(world.officer) as tx:
        made = set_it(tx, world.committee, TODAY, Terms(second_after_days=3, second_quorum=(1, 3), proxies=1))
    assert (made.second_quorum_of, made.second_quorum_over, made.proxies_count) == (1, 3, False)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_order_is_filed_and_read_by_everybody(world: Any, client: Any, lang: str) -> None:
    base, officer = f"/committees/{world.committee}/order", client("officer")
    assert client(None).get(f"{base}/file").status_code == 404
    for content, status in ((b"not a paper", 415), (b"", 422)):
        sent = officer.post(f"{base}/file", files={"file": ("arrete.pdf", content)}, headers=HTML)
        assert sent.status_code in (status, 415, 422), sent.text
    sent = officer.post(
        f"{base}/file", files={"file": ("arrete.pdf", pdf())}, headers=HTML, follow_redirects=False
    )
    assert sent.status_code == 303, sent.text
    read = client(None).get(f"{base}/file")
    assert read.status_code == 200
    assert read.headers["content-type"] == "application/pdf"
    assert read.headers["content-disposition"].startswith("inline")
    assert f"{base}/file" in client(None).get(f"/committees/{world.committee}", params={"lang": lang}).text
    for name in ("stranger", "evaluator"):
        denied = client(name).post(f"{base}/file", files={"file": ("a.pdf", pdf())}, headers=HTML)
        assert denied.status_code == 403


def test_an_order_is_corrected_and_the_trail_says_it(world: Any, client: Any) -> None:
    base, officer = f"/committees/{world.committee}/order", client("officer")
    form = {
        "kind": "cpde", "name.fr": "Comité", "name.ar": "لجنة", "order_number": "13/2022",
        "ordered_on": "2022-03-02",
    }  # fmt: skip
    assert "12/2022" in officer.get(base).text
    for _ in range(2):
        done = officer.post(base, data=form, headers=HTML, follow_redirects=False)
        assert done.status_code == 303
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Committee, world.committee).ordered_on == date(2022, 3, 2)
    assert officer.post(base, data=form | {"name.ar": ""}, headers=HTML).status_code == 422
    assert client("stranger").get(base, headers=HTML).status_code == 403


ROWS = [
    ["Nom en français", "Nom en arabe", "Collège", "Représente, en français", "Représente, en arabe",
     "Début du mandat", "Dernier jour du mandat", "En l’absence de", "Sexe", "Année de naissance"],
    ["Zahra Idrissi", "زهراء الإدريسي", "Société civile", "Réseau", "شبكة", "05/01/2026", "", "", "F",
     "1990"],
    ["Ali Amrani", "علي العمراني", "Société civile", "Réseau", "شبكة", "2026-01-05", "2026-12-31",
     "Zahra Idrissi", "H", ""],
]  # fmt: skip


def sheet(rows: list[list[str]]) -> bytes:
    import csv

    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def kept(page: str) -> str:
    import html
    import re

    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found, page[:3000]
    return html.unescape(found[1])


def test_a_sheet_gives_seats_and_their_alternates(world: Any, client: Any) -> None:
    officer, base = client("officer"), f"/committees/{world.committee}/roster"
    college = officer.get(f"/committees/{world.committee}").text
    assert "Société civile" in college
    seen = officer.post(base, files={"file": ("sieges.csv", sheet(ROWS))}, headers=HTML)
    assert "Zahra Idrissi" in seen.text
    done = officer.post(f"{base}/save", data={"kept": kept(seen.text)}, headers=HTML, follow_redirects=False)
    assert done.status_code == 303, done.text
    with transaction(world.officer) as tx:
        by_name = {
            str(one.named["fr"]) if isinstance(one.named, dict) else one.person: one.seat
            for one in queries.every_seat(tx, world.committee)
        }
    assert by_name["Ali Amrani"].alternate_of_id == by_name["Zahra Idrissi"].id
    assert by_name["Zahra Idrissi"].birth_year == 1990
    again = officer.post(base, files={"file": ("sieges.csv", sheet(ROWS))}, headers=HTML)
    assert "Cette liste ne change rien" in again.text
    book = officer.get(f"{base}/export.xlsx").content
    assert "Zahra Idrissi" in cells(book)
    reread = officer.post(base, files={"file": ("sieges.xlsx", book)}, headers=HTML)
    assert reread.status_code == 200
    assert officer.get(f"{base}/template.xlsx").status_code == 200
    assert cells(seating_sheet.template("ar"))


def test_a_sheet_with_faults_saves_nothing(world: Any, client: Any) -> None:
    officer, base = client("officer"), f"/committees/{world.committee}/roster"
    wrong = [
        ROWS[0],
        ["", "x", "Amis", "Réseau", "", "jamais", "", "", "?", "90"],
        ["A B", "ا ب", "Secteur privé", "R", "ش", "2026-01-05", "2025-01-05", "", "", ""],
        ["C D", "ج د", "Secteur privé", "R", "ش", "2026-01-05", "", "Personne Inconnue", "", ""],
        ["E F", "ه و", "Secteur privé", "R", "ش", "2026-01-05", "", "", "", "=1+1"],
        *[["G H", "ز ح", "Secteur privé", "R", "ش", "2026-01-05", "", "", "", ""]] * 2,
    ]
    seen = officer.post(base, files={"file": ("sieges.csv", sheet(wrong))}, headers=HTML)
    assert "Rien n’est enregistré" in seen.text
    held = kept(seen.text)
    refused = officer.post(f"{base}/save", data={"kept": held}, headers=HTML, follow_redirects=False)
    assert refused.status_code == 200
    book = cells(officer.post(f"{base}/faults.xlsx", data={"kept": held}).content)
    for place in ("A2", "C2", "F2", "G3", "H4", "J5", "A7"):
        assert place in book
    with transaction(SYSTEM) as tx:
        assert len(queries.every_seat(tx, world.committee)) == 5
    for content in (b"", sheet([ROWS[0]]), sheet([["Rien"]]), b"\x89PNG"):
        answer = officer.post(base, files={"file": ("sieges.csv", content)}, headers=HTML)
        assert answer.status_code in (415, 422)
    assert officer.post(f"{base}/save", data={"kept": "x"}, headers=HTML).status_code == 422
    assert officer.post(f"{base}/faults.xlsx", data={"kept": ""}, headers=HTML).status_code == 422
    assert client("evaluator").get(base, headers=HTML).status_code == 403
