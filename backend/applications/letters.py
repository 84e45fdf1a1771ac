"""Letters on paper of what screening said: to complete, admissible, refused with its reasons, given up.

The message by e-mail or SMS goes by itself (`notifications`); the letter is for who has neither, and for the
file. It is written anew from the records whenever it is printed: the same records, the same words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, defer

from ..calls.models import Call
from ..core import pdf
from ..core.calendar import format_date, local
from ..core.config import settings
from ..core.events import Event
from ..core.i18n import localized, translate
from ..core.tx import Tx
from ..people.models import Organisation
from . import verdicts
from .bulk import BULK_NOTHING, BULK_TOO_MANY
from .models import Application, ApplicationState, CompletionRequest, Outcome, RuleResult
from .printed import who
from .search import Filters, narrowed
from .terms import terms

MOST = 100
"""Letters of one print: they are drawn while one waits."""
EVENTS = {
    ApplicationState.RETURNED: ("application.returned",),
    ApplicationState.ELIGIBLE: ("application.admitted",),
    ApplicationState.INELIGIBLE: ("application.refused", "application.lapsed"),
    ApplicationState.WITHDRAWN: ("application.withdrawn",),
}
"""What made each state of which there is a letter."""
TITLES = {
    ApplicationState.RETURNED: "Demande de compléments",
    ApplicationState.ELIGIBLE: "Dossier recevable",
    ApplicationState.INELIGIBLE: "Dossier non recevable",
    ApplicationState.WITHDRAWN: "Dossier abandonné",
}
OPENINGS = {
    ApplicationState.RETURNED: "Votre dossier a été examiné. Il doit être complété avant d’aller plus loin.",
    ApplicationState.ELIGIBLE: "Votre dossier a été examiné. Il est recevable.",
    ApplicationState.INELIGIBLE: "Votre dossier a été examiné. Il n’est pas recevable, pour ces raisons.",
    ApplicationState.WITHDRAWN: "Vous avez abandonné ce dossier. Il n’est plus examiné ; il reste gardé.",
}
NEXT = {
    ApplicationState.RETURNED: "Complétez-le sur la plateforme, ou apportez les pièces à la DAS. "
    "Il ne peut vous être renvoyé une seconde fois (loi 55-19).",
    ApplicationState.ELIGIBLE: "Les membres du comité vont l’évaluer. La décision vous sera écrite.",
    ApplicationState.INELIGIBLE: "Vous pouvez contester ce refus par un écrit adressé au comité et remis à "
    "la DAS, en rappelant le numéro du dossier.",
}


@dataclass
class Known:
    """What the letters say beside the dossiers themselves."""

    events: dict[UUID, tuple[datetime | None, Mapping[str, Any]]] = field(default_factory=dict)
    requests: dict[UUID, CompletionRequest] = field(default_factory=dict)
    rules: defaultdict[UUID, list[Mapping[str, str]]] = field(default_factory=lambda: defaultdict(list))


def has_letter(application: Application) -> bool:
    """Whether screening said something of what was deposited."""
    return application.state in EVENTS and application.receipt_code is not None


def of_filters(tx: Tx, filters: Filters) -> Sequence[Application]:
    """The dossiers of a narrowed list of which there is a letter, by number."""
    asked: Select[Any] = (
        select(Application)
        .join(Application.organisation)
        .join(Application.call)
        .where(Application.state.in_(EVENTS), Application.receipt_code.is_not(None))
        .options(
            contains_eager(Application.organisation).load_only(Organisation.name),
            contains_eager(Application.call).load_only(Call.title, Call.definition_sha256, Call.definition),
            defer(Application.content),
            defer(Application.revision),
        )
    )
    seen = tx.visible(narrowed(asked, filters), "application.read")
    rows = tx.session.scalars(seen.order_by(Application.number).limit(MOST + 1)).all()
    if not rows:
        raise BULK_NOTHING()
    if len(rows) > MOST:
        raise BULK_TOO_MANY(most=MOST)
    return rows


def printed(tx: Tx, applications: Sequence[Application], lang: str) -> bytes:
    """The letters one after the other, each on its own page: three statements for any number of them."""
    known = _known(tx, [one.id for one in applications])
    letters = [_letter(one, known, lang) for one in applications]
    data = {"letters": letters, "foot": translate(lang, "Lettre établie à partir des enregistrements.")}
    return pdf.render("applications/letters", lang, data, tx.now)


def _known(tx: Tx, ids: Sequence[UUID]) -> Known:
    known = Known()
    names = [name for ones in EVENTS.values() for name in ones]
    said = select(Event.subject_id, Event.at, Event.data).where(
        Event.subject_id.in_(ids), Event.name.in_(names)
    )
    for key, at, data in tx.session.execute(said.order_by(Event.seq)):
        known.events[key] = (at, data)
    asked = select(CompletionRequest).where(CompletionRequest.application_id.in_(ids))
    known.requests = {row.application_id: row for row in tx.session.scalars(asked)}
    failed = (
        select(RuleResult.application_id, RuleResult.reason)
        .where(RuleResult.application_id.in_(ids), RuleResult.refuses, RuleResult.outcome == Outcome.FAIL)
        .order_by(RuleResult.application_id, RuleResult.position)
    )
    for key, reason in tx.session.execute(failed):
        known.rules[key].append(reason)
    return known


def _letter(application: Application, known: Known, lang: str) -> dict[str, Any]:
    at, said = known.events.get(application.id, (application.submitted_at, {}))  # none of dossiers taken over
    state, request = application.state, known.requests.get(application.id)
    address = f"{settings().base_url}/verify/{application.receipt_code}"
    rows: list[Any] = [*who(application, lang), (translate(lang, "Projet"), application.title or "")]
    if application.first_submitted_at:
        rows.append((translate(lang, "Déposé le"), format_date(local(application.first_submitted_at), lang)))
    if at:
        rows.append((translate(lang, "Date de cette lettre"), format_date(local(at), lang)))
    items: list[str] = []
    if state is ApplicationState.RETURNED and request:
        rows.append((translate(lang, "À compléter jusqu’au"), format_date(request.due_on, lang, "weekday")))
        items = [*_named(application, request.items, lang), *([request.note] if request.note else [])]
    if state is ApplicationState.INELIGIBLE:
        items = _reasons(application, said, known.rules[application.id], lang)
    asked = state is ApplicationState.RETURNED
    return {
        "title": translate(lang, TITLES[state]),
        "issuer": localized(lang, terms(application.call).file.issuer.name),
        "opening": translate(lang, OPENINGS[state]),
        "rows": rows,
        "items_title": translate(lang, "Ce qui est demandé") if asked else translate(lang, "Raisons"),
        "items": items,
        "next": translate(lang, NEXT[state]) if state in NEXT else "",
        "check": translate(lang, "Ce code mène au récépissé de votre dépôt :"),
        "address": address,
        "qr": pdf.qr(address),
        "qr_alt": translate(lang, "Code QR : {address}", address=address),
    }


def _reasons(
    application: Application, said: Mapping[str, Any], rules: Sequence[Mapping[str, str]], lang: str
) -> list[str]:
    """The rules that refused it, what it lacked, that nothing came in time, the officer's words."""
    found = [localized(lang, reason) for reason in rules]
    if lacks := said.get("incomplete"):
        named = _named(application, lacks, lang)
        lacking = ("، " if lang == "ar" else ", ").join(named)
        found.append(translate(lang, "Le dossier est incomplet : {items}.", items=lacking))
    if said.get("due_on"):
        found.append(translate(lang, "Le dossier n’a pas été complété à temps"))
    return [*found, *([said["reason"]] if said.get("reason") else [])]


def _named(application: Application, items: Sequence[str], lang: str) -> list[str]:
    """Sections and papers by their names, each once; `documents.statutes`, `budget.lines`, `members`."""
    labels = {one.code: one.label for one in terms(application.call).file.documents}
    found = []
    for item in items:
        section, _, rest = item.partition(".")
        if section == "documents":
            found.append(localized(lang, labels[rest]) if rest in labels else rest)
        else:
            found.append(translate(lang, verdicts.SECTIONS.get(section, section)))
    return list(dict.fromkeys(found))
