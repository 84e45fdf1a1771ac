"""The first administrator, from the command line."""

import pytest
from sqlalchemy import select

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.ops import admin
from backend.ops.refusal import Refusal


def test_the_first_administrator(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.people.models import Person, RoleGrant

    monkeypatch.setenv("INDH_ADMIN_PASSWORD", "une phrase assez longue")
    assert admin.main(["premiere@exemple.test", "Naïma Idrissi"]) == 0
    with transaction(SYSTEM) as tx:
        grant = select(RoleGrant.role).join(Person).where(Person.email == "premiere@exemple.test")
        assert tx.session.scalars(grant).all() == ["administrator"]


@pytest.mark.parametrize(
    ("email", "password"), [("not an address", "une phrase assez longue"), ("ok@exemple.test", "court")]
)
def test_what_is_not_accepted_is_one_line(
    database: object, monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    monkeypatch.setenv("INDH_ADMIN_PASSWORD", password)
    with pytest.raises(Refusal, match="not accepted"):
        admin.main([email, "Quelqu'un"])


def test_an_address_taken_is_refused(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDH_ADMIN_PASSWORD", "une phrase assez longue")
    admin.main(["deux@exemple.test", "Naïma Idrissi"])
    with pytest.raises(Refusal, match="not made"):
        admin.main(["deux@exemple.test", "Naïma Idrissi"])


def test_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    with pytest.raises(Refusal, match="DATABASE_URL"):
        admin.main(["a@exemple.test", "A"])
