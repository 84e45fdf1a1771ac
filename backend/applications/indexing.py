"""What a dossier is found by: its number and its holder's names on one line, what it says on the next.

The words are folded as those of a search are (`core.folding`): accents, variants of Arabic letters and the
article do not matter. The line of the holder is written when the dossier begins and when her name changes;
a save rewrites the other one and needs no row but the dossier's.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from ..calls.rules.vocabulary import name
from ..core.folding import words
from ..core.tx import Tx
from ..people.models import Organisation
from .models import Application

SEAM = "\n"
MOST = 4_000
"""Characters kept of each line: a vector of words has its limits, and a title is not a novel."""
BATCH = 1_000
NAMED = ("chain", "sector")


def holder_line(number: str, names: Mapping[str, str]) -> str:
    """`aga 2023 0147 cooperative tifaout تعاونيه تيفاوت`."""
    return _folded((number, *names.values()))


def content_line(content: Mapping[str, Any]) -> str:
    """The words of the project and its budget; its place, chain and sector by name in both languages."""
    project, place = content.get("project") or {}, content.get("location") or {}
    said = [project.get("title"), project.get("summary"), place.get("address")]
    said += [line.get("label") for line in (content.get("budget") or {}).get("lines") or ()]
    codes = [(kind, project.get(kind)) for kind in NAMED] + [("commune", place.get("commune"))]
    said += [name(kind, code, lang) for kind, code in codes if code for lang in ("fr", "ar")]
    return _folded(one for one in said if one)


def content_changed(application: Application) -> str:
    """What its `search_text` becomes with its content: the holder's line stays as it is.

    Read with the dossier (`undefer`) under its lock: the line of the holder cannot change meanwhile, and
    where the words stay the same nothing is written.
    """
    holder = application.search_text.partition(SEAM)[0]
    return holder + SEAM + content_line(application.content)


def renew(tx: Tx, keys: Iterable[UUID]) -> int:
    """Write both lines of these dossiers anew: one statement reads, one writes, whatever their number."""
    asked = (
        select(Application.id, Application.number, Organisation.name, Application.content)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id.in_(list(keys)))
    )
    found = [
        {"key": key, "text": holder_line(number, names) + SEAM + content_line(content)}
        for key, number, names, content in tx.session.execute(asked)
    ]
    if found:
        tx.session.connection().execute(
            update(Application.__table__)  # type: ignore[arg-type]
            .where(Application.__table__.c.id == bindparam("key"))
            .values(search_text=bindparam("text")),
            found,
        )
    return len(found)


def unfinished(tx: Tx) -> list[UUID]:
    """Some of the dossiers that are not found by all that they say: loaded, or from before the index."""
    asked = select(Application.id).where(func.strpos(Application.search_text, SEAM) == 0).limit(BATCH)
    return list(tx.session.scalars(asked))


def of_holder(tx: Tx, organisation_id: UUID) -> list[UUID]:
    """An organisation's dossiers, which bear its name."""
    return list(
        tx.session.scalars(select(Application.id).where(Application.organisation_id == organisation_id))
    )


def _folded(texts: Iterable[str]) -> str:
    return " ".join(words(" ".join(texts)))[:MOST]
