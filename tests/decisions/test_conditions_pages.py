"""Pages of conditions: the form in session, the holder's answers, the officer's confirmation."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from backend.core.tx import transaction
from backend.decisions.models import ConditionState, DecisionOutcome, DecisionState
from backend.files import commands, intake
from tests.decisions import conditions_given as given
from tests.decisions import given as decisions
from tests.files import given as files


def test_one_proposal_is_granted_under_conditions_from_the_session(world: Any, client: Any) -> None:
    decisions.proposed(world, 3)
    hers = given.of_tifaout(world)
    here = f"/sessions/{world.session}/calls/{world.call}/deviation"
    officer = client("officer")
    assert f"{here}/{hers.id}" in officer.get(here).text
    assert officer.get(f"{here}/{hers.id}").status_code == 200
    day = given.terms().due_on
    assert day
    typed = {
        "amount": "200 000",
        "condition.1.fr": given.ONE["fr"],
        "condition.1.ar": given.ONE["ar"],
        "condition.2.fr": given.TWO["fr"],
        "due_on": day.isoformat(),
        "because": given.BECAUSE,
    }
    refused = officer.post(f"{here}/{hers.id}", data=typed)
    assert refused.status_code == 422
    assert given.TWO["fr"] in refused.text
    whole = typed | {"condition.2.ar": given.TWO["ar"]}
    late = officer.post(f"{here}/{hers.id}", data=whole | {"due_on": "2020-01-01"})
    assert (late.status_code, 'id="due_on-error"' in late.text or "au plus tard le" in late.text) == (
        422,
        True,
    )
    shown = officer.post(f"{here}/{hers.id}", data=whole).text
    assert given.TWO["fr"] in shown
    assert "Financé sous conditions" in shown
    now = given.again(hers.id)
    assert (now.state, now.outcome) == (DecisionState.PROPOSED, DecisionOutcome.CONDITIONAL)
    assert now.conditions == [given.ONE, given.TWO]


def test_the_holder_answers_and_the_officer_confirms(world: Any, client: Any) -> None:
    decision = given.told(world)
    first = given.rows(decision)[0]
    page = f"/applications/{decision.application_id}/conditions"
    holder, officer = client("holder"), client("officer")
    assert page in holder.get(f"/applications/{decision.application_id}/decision").text
    assert page in holder.get("/my").text
    assert given.TWO["fr"] in holder.get(page).text
    sent = {"version": "1", "words": "Le bail est signé."}
    bail = {"file": ("bail.pdf", files.pdf(), "application/pdf")}
    answered = holder.post(f"/conditions/{first.id}/answer", data=sent, files=bail)
    assert "bail.pdf" in answered.text
    stale = holder.post(
        f"/conditions/{first.id}/answer", data=sent | {"words": "Autre."}, files={"file": ("", b"")}
    )
    assert stale.status_code == 412
    assert "Autre." in stale.text  # nothing typed is lost
    assert "/conditions?state=answered" in officer.get("/das").text
    assert given.ONE["fr"] in officer.get("/conditions").text
    back = {"version": "2", "lacks.fr": given.LACKS["fr"], "lacks.ar": ""}
    refused = officer.post(f"/conditions/{first.id}/return", data=back)
    assert refused.status_code == 422
    assert given.LACKS["fr"] in refused.text
    officer.post(f"/conditions/{first.id}/return", data=back | {"lacks.ar": given.LACKS["ar"]})
    assert given.LACKS["fr"] in holder.get(page).text
    again = given.rows(decision)[0]
    holder.post(
        f"/conditions/{first.id}/answer",
        data={"version": str(again.version), "words": "La page deux."},
        files={"file": ("", b"")},
    )
    for one in given.rows(decision):
        typed = {"version": str(one.version), "seen": "L’original au guichet."}
        assert officer.post(f"/conditions/{one.id}/confirm", data=typed).status_code == 200
    assert [one.state for one in given.rows(decision)] == [ConditionState.MET, ConditionState.MET]
    arabic = holder.get(f"{page}?lang=ar").text
    assert given.TWO["ar"] in arabic
    assert "استوفيت جميع الشروط" in arabic
    assert officer.post(f"/conditions/{first.id}/nothing", data={"version": "1"}).status_code == 422


def test_documents_answer_over_the_api_as_on_the_page(world: Any, client: Any) -> None:
    """Small ones at once, others by the file that was sent; words stay; nobody else attaches or reads."""
    decision = given.told(world, count=1)
    (row,) = given.rows(decision)
    api = f"/api/v1/conditions/{row.id}"
    holder, rival, officer = client("holder"), client("rival"), client("officer")
    assert holder.post(f"{api}/answer", json={"words": "Le bail."}).status_code == 200
    named = {"name": "bail.pdf"}
    sent = holder.post(f"{api}/documents/small", params=named, content=files.pdf())
    assert (sent.status_code, sent.json()["state"], sent.json()["answer"]) == (200, "answered", "Le bail.")
    (first,) = holder.get(f"{api}/documents").json()
    assert (first["name"], first["media_type"]) == ("bail.pdf", "application/pdf")
    again = holder.post(f"{api}/documents", json={"file_id": first["id"]}).json()
    assert again["version"] == sent.json()["version"], "attached already: nothing changes"
    assert officer.get(f"{api}/documents/{first['id']}").content == files.pdf()
    for browser, status in ((rival, 404), (officer, 403)):
        assert browser.post(f"{api}/documents/small", params=named, content=files.pdf()).status_code == status
        assert browser.post(f"{api}/documents", json={"file_id": first["id"]}).status_code == status
    assert rival.get(f"{api}/documents").status_code == 404
    assert rival.get(f"{api}/documents/{first['id']}").status_code == 404
    theirs = _file_of(world.officer)
    assert holder.post(f"{api}/documents", json={"file_id": theirs}).status_code == 404
    for _ in range(9):
        holder.post(f"{api}/documents", json={"file_id": _file_of(world.holder)})
    over = holder.post(f"{api}/documents", json={"file_id": _file_of(world.holder)})
    assert (over.status_code, over.json()["errors"][0]["code"]) == (422, "too_many")
    assert len(holder.get(f"{api}/documents").json()) == 10


def _file_of(person: Any) -> str:
    """A file that she sent."""
    with transaction(person) as tx:
        return str(commands.register(tx, intake.keep(BytesIO(files.pdf()), "piece.pdf")).id)


def test_the_date_is_put_off_from_the_page(world: Any, client: Any) -> None:
    decision = given.told(world)
    page = f"/applications/{decision.application_id}/conditions"
    assert decision.conditions_due_on
    later = decision.conditions_due_on + timedelta(days=20)
    typed = {"due_on": "demain", "reason.fr": "Le notaire tarde.", "reason.ar": "تأخر الموثق."}
    officer = client("officer")
    refused = officer.post(f"{page}/extend", data=typed)
    assert refused.status_code == 422
    assert "Le notaire tarde." in refused.text
    shown = officer.post(f"{page}/extend", data=typed | {"due_on": later.isoformat()})
    assert "Le notaire tarde." in shown.text
    assert given.again(decision.id).conditions_until == later
    assert "Le notaire tarde." in client("holder").get(page).text
