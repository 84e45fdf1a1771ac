"""All of the demonstration's province or none of it, whatever happens to the process that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, select, text

from backend.core import db
from backend.core.actor import SYSTEM
from backend.core.tx import transaction


@contextmanager
def one_transaction() -> Iterator[None]:
    """What is committed inside is kept when the block ends, and lost if the process dies before.

    Everything runs on one connection, where each commit of the application is a savepoint. Two starts on one
    database take turns.
    """
    usual, where = db.bind, db.bind()
    assert isinstance(where, Engine)
    with where.connect() as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('demo province'))"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        db.bind = lambda: connection
        try:
            yield
        finally:
            db.bind = usual


def forget_lost_files() -> None:
    """Remove the bytes that no row knows: those of a start whose rows died with it."""
    from backend.files import store
    from backend.files.models import StoredFile

    with transaction(SYSTEM) as tx:
        known = {store.file_path(key) for key in tx.session.scalars(select(StoredFile.id))}
    store.remove([path for path, _ in store.listed(store.FILES) if path not in known])


def forget_lost_mail(folder: Path) -> None:
    """Remove what our catcher kept and no ledger knows: the mail of a start whose rows died with it."""
    from backend.notifications import caught
    from backend.notifications.models import Message
    from backend.notifications.wording import message_id

    with transaction(SYSTEM) as tx:
        known = {message_id(one) for one in tx.session.scalars(select(Message.id))}
    for path in sorted(folder.glob("*.eml")):
        mail = caught.read(folder, path.name)
        if mail and mail.message_id.strip("<> ").partition("@")[0] not in known:
            path.unlink()
