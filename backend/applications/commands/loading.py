"""What commands load beside a dossier."""

from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from ...calls.models import Call
from ...people.models import Organisation
from ..models import Application


def with_call() -> tuple[ORMOption, ...]:
    """Its call, without the call's file."""
    return (joinedload(Application.call).options(defer(Call.definition)),)


def whole() -> tuple[ORMOption, ...]:
    """What a dossier's checks need beside it: its call (whose file is read once a process) and its holder."""
    return (*with_call(), joinedload(Application.organisation).options(selectinload(Organisation.members)))
