"""The list of dossiers over JSON: narrowed, kept under a name, acted on many at once."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from ..core.shapes import MAX_CENTIMES, In, Out
from ..core.tx import transaction
from ..people.models import LegalForm
from ..web.deps import CurrentActor, OncePerKey
from . import bulk, noting, search, views, wanted
from .models import ApplicationState, Filing, SavedView
from .schemas import ApplicationOut, ApplicationPage

dossiers = APIRouter(prefix="/applications", tags=["applications"])
saved = APIRouter(prefix="/saved-views", tags=["applications"])
Code = Annotated[str | None, Field(max_length=60)]
Amount = Annotated[int | None, Field(ge=0, le=MAX_CENTIMES)]
Reason = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(max_length=100)]


class FiltersIn(In):
    """How a list of dossiers is narrowed."""

    call_id: UUID | None = None
    state: ApplicationState | None = None
    sector: Code = None
    chain: Code = None
    rule: Annotated[str | None, Field(max_length=60, description="Refused by this rule.")] = None
    q: Annotated[
        str | None,
        Field(max_length=4000, description="Words of the number, organisation, project, commune or chain."),
    ] = None
    filing: Filing | None = None
    commune: Code = None
    legal_form: LegalForm | None = None
    judged: search.Judged | None = None
    requested_from_centimes: Amount = None
    requested_to_centimes: Amount = None
    deposited_since: date | None = None
    deposited_until: date | None = None
    due: Annotated[
        search.Due | None,
        Field(description="Whose legal delay for a decision is over, or ends within fifteen days."),
    ] = None

    def filters(self) -> search.Filters:
        """The same for the list."""
        return search.Filters(
            call_id=self.call_id,
            state=self.state,
            sector=_plain(self.sector),
            chain=_plain(self.chain),
            text=_plain(self.q),
            rule=_plain(self.rule),
            filing=self.filing,
            commune=_plain(self.commune),
            legal_form=self.legal_form,
            judged=self.judged,
            least=self.requested_from_centimes,
            most=self.requested_to_centimes,
            since=self.deposited_since,
            until=self.deposited_until,
            due=self.due,
        )


class DossierQuery(FiltersIn):
    """How a list of dossiers is narrowed, ordered and paged."""

    sort: search.Sort = search.Sort.NUMBER
    cursor: Annotated[str | None, Field(max_length=2000, description="`next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CountsOut(BaseModel):
    """How many dossiers the filters leave, in all and in each state."""

    total: int
    by_state: dict[str, int]


class BulkIn(In):
    """Which act, on the dossiers picked or on all that the filters leave; `seen` as the preview said."""

    verb: Literal["admit", "return", "refuse"]
    picked: Annotated[tuple[UUID, ...], Field(max_length=bulk.MOST)] = ()
    filters: FiltersIn | None = None
    reason: Reason | None = None
    items: Annotated[
        tuple[Annotated[str, Field(max_length=100)], ...],
        Field(max_length=100, description="Asked of every dossier sent back, beside what it lacks."),
    ] = ()

    def chosen(self) -> bulk.Chosen:
        """All that the filters leave when there are any."""
        return bulk.Chosen(self.picked, self.filters.filters() if self.filters else None)


class ConfirmedIn(BulkIn):
    """The same, confirmed: refused when it would do otherwise by now."""

    seen: Annotated[str, Field(max_length=64)]


class AskedOut(BaseModel):
    """What a dossier is asked to complete, and the last day that counts."""

    application_id: UUID
    items: list[str]
    due_on: date


class BulkOut(BaseModel):
    """What the act does (or did): how many change, how many stay as they are and why, and its print."""

    verb: str
    total: int
    changing: int
    left: dict[str, int]
    asked: Annotated[list[AskedOut], Field(description="Of dossiers sent back to be completed.")]
    seen: str


class NoteIn(In):
    """What an officer notes for her colleagues."""

    text: Annotated[str, Field(max_length=2000)]


class NoteOut(Out):
    """A note on a dossier; its holder does not read it."""

    id: UUID
    written_by: UUID
    written_at: datetime
    text: str


class ViewIn(In):
    """A name, and what narrows the list: the words of the page's address."""

    name: Name
    query: dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=wanted.LONGEST)]]


class RenameIn(In):
    """Another name."""

    name: Name


class ViewOut(Out):
    """A saved view; `path` is the page that shows it, to be given away."""

    id: UUID
    name: str
    query: dict[str, Any]
    created_at: datetime
    path: str


@dossiers.get("")
def list_applications(actor: CurrentActor, asked: Annotated[DossierQuery, Query()]) -> ApplicationPage:
    """Dossiers that the reader may see, by number unless another order is asked."""
    with transaction(actor) as tx:
        page = search.listed(tx, asked.filters(), asked.cursor, asked.limit, asked.sort)
        items = [ApplicationOut.model_validate(row) for row in page.items]
        return ApplicationPage(items=items, next=page.next)


@dossiers.get("/counts")
def count_applications(actor: CurrentActor, asked: Annotated[FiltersIn, Query()]) -> CountsOut:
    """How many the filters leave, by state; that on the state counts for the total only."""
    with transaction(actor) as tx:
        filters = asked.filters()
        found = search.counts(tx, filters)
        return CountsOut(total=search.total(found, filters.state), by_state=found)


@dossiers.post("/bulk/preview")
def preview_bulk(actor: CurrentActor, body: BulkIn) -> BulkOut:
    """What admitting, refusing or sending them back would do now: nothing is written."""
    with transaction(actor) as tx:
        reason = bulk.reason_of(body.reason)
        return _bulk(bulk.preview(tx, body.verb, body.chosen(), reason, body.items))


@dossiers.post("/bulk")
def act_in_bulk(actor: CurrentActor, body: ConfirmedIn) -> BulkOut:
    """Admit, refuse or send them all back in one commit, if it still is what the preview said."""
    with transaction(actor) as tx:
        reason = bulk.reason_of(body.reason)
        return _bulk(bulk.act(tx, body.verb, body.chosen(), body.seen, reason, body.items))


@dossiers.get("/{application_id}/notes")
def list_notes(application_id: UUID, actor: CurrentActor) -> list[NoteOut]:
    """What officers noted on a dossier, the latest first; its holder may not read them."""
    with transaction(actor) as tx:
        return [NoteOut.model_validate(row) for row, _ in noting.notes(tx, application_id)]


@dossiers.post("/{application_id}/notes", status_code=201)
def write_note(application_id: UUID, actor: CurrentActor, body: NoteIn, once: OncePerKey) -> NoteOut:
    """Write a note on a dossier, for colleagues."""
    with transaction(actor) as tx:
        return NoteOut.model_validate(
            once(tx, body, lambda: NoteOut.model_validate(noting.note(tx, application_id, body.text)))
        )


@saved.get("")
def list_saved_views(actor: CurrentActor) -> list[ViewOut]:
    """The reader's own views, by name."""
    with transaction(actor) as tx:
        return [_view(one) for one in views.mine(tx)]


@saved.post("", status_code=201)
def save_view(actor: CurrentActor, body: ViewIn, once: OncePerKey) -> ViewOut:
    """Keep what narrows the list under a name."""
    with transaction(actor) as tx:
        return ViewOut.model_validate(once(tx, body, lambda: _view(views.keep(tx, body.name, body.query))))


@saved.post("/{view_id}/rename")
def rename_view(view_id: UUID, actor: CurrentActor, body: RenameIn) -> ViewOut:
    """Give a view another name."""
    with transaction(actor) as tx:
        return _view(views.rename(tx, view_id, body.name))


@saved.delete("/{view_id}", status_code=204)
def remove_view(view_id: UUID, actor: CurrentActor) -> None:
    """Remove a view; no dossier is touched."""
    with transaction(actor) as tx:
        views.remove(tx, view_id)


def _plain(text: str | None) -> str | None:
    return text.replace("\0", "") if text else None


def _bulk(found: bulk.Preview) -> BulkOut:
    owed = {key: found.owed[key] for key in found.doing if key in found.owed}
    return BulkOut(
        verb=found.verb,
        total=found.total,
        changing=len(found.doing),
        left=found.left,
        asked=[
            AskedOut(application_id=key, items=list(one.items), due_on=one.due_on)
            for key, one in owed.items()
        ],
        seen=found.print_,
    )


def _view(view: SavedView) -> ViewOut:
    return ViewOut(
        id=view.id, name=view.name, query=view.query, created_at=view.created_at, path=views.address(view)
    )


router = APIRouter()
router.include_router(dossiers)
router.include_router(saved)
