"""Appeals: each step told to the holder, and to whoever has to act next."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from ...applications.models import Application
from ...core.events import Event
from ...core.tx import Tx
from ...decisions.models import Appeal
from ...people.models import Role, RoleGrant
from .case import Case, Cases, rows_of

TO_OFFICERS = {"appeal.filed": "appeal.to_assign", "appeal.reported": "appeal.to_schedule"}
TO_HOLDER = ("appeal.filed", "appeal.scheduled", "appeal.put_off", "appeal.upheld", "appeal.dismissed")


def appeal(tx: Tx, events: Sequence[Event]) -> Cases:
    """The holder reads where it stands, the handler that it is hers, the officers what waits for them."""
    asked = select(
        Appeal.number, Appeal.handler_id, Appeal.province_code,
        Application.organisation_id, Application.title, Application.number.label("dossier"),
    ).join(Application, Application.id == Appeal.application_id)  # fmt: skip
    rows = rows_of(tx, asked, Appeal.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "appeal": row.number,
            "number": row.dossier,
            "title": row.title,
            "link_path": f"/appeals/{event.subject_id}",
        }
        if event.name == "appeal.scheduled":
            params["scheduled_at"] = event.data["at"]
        if event.name in TO_HOLDER:
            yield Case(event.id, event.name, params, event.province_code, row.organisation_id)
        if event.name == "appeal.assigned":
            yield Case(event.id, event.name, params, event.province_code, people=(row.handler_id,))
        if template := TO_OFFICERS.get(event.name):
            here = or_(RoleGrant.province_code == row.province_code, RoleGrant.province_code.is_(None))
            officers = select(RoleGrant.person_id).where(
                RoleGrant.role == Role.OFFICER, RoleGrant.revoked_at.is_(None), here
            )
            people = tuple(tx.session.scalars(officers.distinct()))
            yield Case(event.id, template, params, event.province_code, people=people)
