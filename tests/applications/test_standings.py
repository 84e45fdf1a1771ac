"""A dossier's badge says how it stands by now, not only that it was admitted once."""

import re
from typing import Any

import pytest

from backend.applications.models import Application
from backend.applications.standings import standings
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.applications.test_pages import get
from tests.decisions import given as decisions


def tags(html: str) -> str:
    """The words of the badges of a page."""
    return " ".join(
        re.findall(r'<span class="tag[^>]*>(?:<svg.*?</svg>)?\s*([^<]+)<', html.split("<main")[1])
    )


@pytest.mark.parametrize(
    ("lang", "funded", "admitted"), [("fr", "Financé", "Recevable"), ("ar", "ممول", "مستوف للشروط")]
)
def test_a_funded_project_is_said_to_be_funded(
    world: Any, client: Any, lang: str, funded: str, admitted: str
) -> None:
    first = decisions.adopted(world)[0]
    with transaction(SYSTEM) as tx:
        row = tx.session.get_one(Application, first.application_id)
    browser = client("holder")
    for path in ("/my", f"/applications/{row.id}"):
        said = tags(get(browser, path, lang=lang))
        assert funded in said, (path, said)
        assert admitted not in said, (path, said)


def test_any_number_of_dossiers_is_asked_at_once(world: Any, statements: Any) -> None:
    found = [one.application_id for one in decisions.adopted(world)]
    seen = []
    with transaction(SYSTEM) as tx:
        rows = [tx.session.get_one(Application, key) for key in found]
        for some in (rows[:1], rows):
            with statements() as asked:
                assert len(standings(tx, some)) == len(some)
            seen.append(len(asked))
    assert seen == [1, 1]
