"""What README says of the demonstration is what its accounts meet."""

import re
from types import SimpleNamespace

import pytest
from fastapi.routing import iter_route_contexts

from backend.app import create_app, load
from backend.ops import seed
from backend.ops.demo import province
from backend.ops.paths import ROOT
from backend.web import nav

ROWS = dict(re.findall(r"^\| \*\*(.+?)\*\* \| `?(.+?)`? \|", (ROOT / "README.md").read_text(), re.MULTILINE))


@pytest.mark.parametrize("account", province.accounts(), ids=lambda account: account.role)
def test_signing_in_opens_what_it_says(account):
    load("pages")
    # a seat is no role: she who votes in sessions judges dossiers too
    held = {"member": "evaluator"}.get(account.role, account.role)
    somebody = SimpleNamespace(is_authenticated=True, roles={held})
    shown = next(role for role, email, _ in seed.accounts() if email == account.email)
    assert ROWS[shown] == nav.start(somebody)


def test_every_page_that_it_names_is_there():
    text = (ROOT / "README.md").read_text()
    tour = text[text.index("## A tour") : text.index("## More commands")]
    named = set(re.findall(r"`(/[a-z/]*)`", tour))
    assert len(named) > 8
    assert named <= {context.path for context in iter_route_contexts(create_app().routes)}
