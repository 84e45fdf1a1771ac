"""What is written in a dossier, and where a save goes: to the draft, or to what will be deposited next."""

from typing import Any
from uuid import UUID

from ...core.shapes import In
from ...core.tx import Tx
from ..changes import record
from ..indexing import content_changed
from ..lifecycle import DRAFT, editable, working
from ..models import Application
from ..schemas import SECTIONS
from ..totals import sums
from .loading import with_call


def save_section(tx: Tx, application_id: UUID, section: str, data: In, version: int) -> Application:
    """Keep a section as typed. The same words again change nothing, so that a repeated save is harmless."""
    if not isinstance(data, SECTIONS[section]):
        raise TypeError(f"{section} is not a {type(data).__name__}")
    application = tx.get(
        Application, application_id, "application.edit", version=version, options=with_call()
    )
    require_editable(tx, application)
    kept = data.model_dump(mode="json", exclude_none=True)
    if working(application).get(section) == kept:
        return application
    keep_working(tx, application, section, kept)
    return application


def require_editable(tx: Tx, application: Application) -> None:
    """Whether what is written may still change: section saves, autosave and papers ask it alike.

    A draft and a deposited dossier while the call is open, one sent back until the end of its due day.
    """
    if refusal := editable(tx, application):
        raise refusal


def keep_working(tx: Tx, application: Application, section: str, data: dict[str, Any]) -> None:
    """Keep the section where it goes, and record that it was, field by field."""
    record(tx, application, section, working(application).get(section) or {}, data)
    keep(application, section, data)
    tx.emit("application.saved", application, section=section)
    tx.session.flush()


def keep(application: Application, section: str, data: dict[str, Any]) -> None:
    """The one place that says where a save goes: what stands deposited is not touched.

    Changes that come back to what was deposited are changes no more.
    """
    written = {**working(application), section: data}
    if application.state is DRAFT:
        application.content = written
        index(application)
    else:
        application.revision = None if written == application.content else written


def index(application: Application) -> None:
    """Read from the content what lists, filters and rules use as columns."""
    project = application.content.get("project") or {}
    application.title = project.get("title") or ""
    application.sector = project.get("sector")
    application.chain_code = project.get("chain")
    application.commune_code = (application.content.get("location") or {}).get("commune")
    totals = sums(application.content)
    application.total_centimes, application.requested_centimes = totals["budget"], totals["indh"]
    application.search_text = content_changed(application)
