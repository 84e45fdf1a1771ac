"""What commands load beside a dossier."""

from functools import cache

from sqlalchemy.orm import defer, joinedload, selectinload, undefer

from ...calls.models import Call
from ...core.tx import Beside
from ...people.models import Organisation
from ..models import Application


@cache
def with_call() -> Beside:
    """Its call, without the call's file; and the words by which it is found, which a save writes anew."""
    call = joinedload(Application.call).options(defer(Call.definition))
    return Beside((call, undefer(Application.search_text)))


@cache
def whole() -> Beside:
    """What a dossier's checks need beside it: its call (whose file is read once a process) and its holder."""
    holder = joinedload(Application.organisation).options(selectinload(Organisation.members))
    return Beside((*with_call(), holder))
