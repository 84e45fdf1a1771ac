"""A form that arrives after the session ended is held by the pages until she is signed in again."""

from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from backend.web.resume import pack, unpack

HERE = "/organisations/0/members"


def _late(visitor: Any, **typed: str) -> Any:
    """A form of one of our pages, sent by nobody."""
    headers = {"referer": "http://testserver/organisations/0", "accept": "text/html"}
    return visitor.post(HERE.replace("/0/", "/00000000-0000-7000-8000-000000000000/"), data=typed,
                        headers=headers, follow_redirects=False)  # fmt: skip


def test_a_packed_form_is_unpacked_the_same() -> None:
    typed = [
        ("name", "l'apostrophe & « l’autre »\nsur deux lignes"),
        ("empty", ""),
        ("twice", "1"),
        ("twice", "2"),
    ]
    assert unpack(pack(HERE, typed)) == (HERE, typed)


@pytest.mark.parametrize("kept", ["", "?a=1", "https://ailleurs.test/x?a=1", "//ailleurs.test?a=1", "x?a=1"])
def test_a_form_of_elsewhere_is_no_form(kept: str) -> None:
    assert unpack(kept) is None


def test_what_was_typed_is_held_but_for_passwords(client: Any) -> None:
    answer = _late(client(None), name="Coopérative « Tagmat »", password="un secret", version="3")
    assert answer.status_code == 401
    assert urlencode({"name": "Coopérative « Tagmat »"}) in unescape(answer.text)
    assert "secret" not in answer.text


@pytest.mark.parametrize("typed", [{}, {"version": "3"}, {"name": "  "}])
def test_a_form_of_nothing_leads_to_the_sign_in_page(client: Any, typed: dict[str, str]) -> None:
    answer = _late(client(None), **typed)
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")
