"""Statements that are kept: shared by actors who may the same, never with another's id."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Select, String, bindparam, literal, select
from sqlalchemy.exc import InvalidRequestError, StatementError

from backend.core.actor import SYSTEM, Actor, Grant
from backend.core.errors import Problem
from backend.core.kept import HERS, kept
from backend.core.policy import RULES
from backend.core.tx import transaction
from backend.people.models import Person, RoleGrant


def _people(actor: Actor) -> Select[Any]:
    return select(Person.id, Person.name).where(RULES["person.edit"].where(actor))


def _person(**more: Any) -> Actor:
    return Actor(kind="person", id=uuid4(), grants=frozenset({Grant("holder", "09.001")}), **more)


def test_one_statement_serves_all_who_may_the_same() -> None:
    one, other = _person(name="Aïcha"), _person(name="Brahim", language="ar")
    made = kept("a test", one, _people)
    assert kept("a test", other, _people) is made
    assert kept("another", other, _people) is not made
    for unlike in (
        replace(one, grants=frozenset({Grant("holder", "06.001")})),
        replace(one, grants=frozenset({Grant("administrator")})),
        replace(one, scopes=frozenset({"person.*"})),
        Actor(),
        SYSTEM,
    ):
        assert kept("a test", unlike, _people) is not made


def test_each_gets_her_own_rows_and_nobody_those_of_the_one_before(world: Any) -> None:
    for _ in range(2):
        for name in ("holder", "evaluator", "holder"):
            actor = getattr(world, name)
            with transaction(actor) as tx:
                assert [row.id for row in tx.rows("hers", _people)] == [actor.id]
    with transaction(world.administrator) as tx:
        assert len(tx.rows("hers", _people)) > 3


def test_without_her_id_nothing_is_executed(world: Any) -> None:
    with transaction(world.holder) as tx:
        made = kept("unsaid", world.holder, _people)
        with pytest.raises(StatementError):
            tx.session.execute(made.statement)
        with pytest.raises(InvalidRequestError):
            made.rows(tx.session.connection(), {})
        assert made.rows(tx.session.connection(), {HERS: uuid4()}) == []


def test_a_token_outside_its_scope_is_refused_however_often_others_asked(world: Any) -> None:
    with transaction(world.holder) as tx:
        assert tx.rows("scoped", _people)
    narrow = replace(world.holder, scopes=frozenset({"call.*"}))
    for _ in range(2):
        with transaction(narrow) as tx, pytest.raises(Problem, match="scope_missing"):
            tx.rows("scoped", _people)


def test_values_given_and_values_fixed_are_told_apart(world: Any) -> None:
    def build(_actor: Actor) -> Select[Any]:
        held = RoleGrant.role.in_(("holder", "officer")) & (RoleGrant.person_id == bindparam("who"))
        return select(RoleGrant.role, RoleGrant.province_code).where(held)

    with transaction(world.officer) as tx:
        for actor in (world.holder, world.officer, world.evaluator):
            found = {(row.role, row.province_code) for row in tx.rows("held", build, who=actor.id)}
            assert found == {
                (one.role, one.province) for one in actor.grants if one.role in ("holder", "officer")
            }


def test_what_never_changes_stands_in_the_words(world: Any) -> None:
    """Quotes and percent signs are those of the value; what is given stays a parameter."""
    odd = "it's 100% %(word)s %%"

    def build(_actor: Actor) -> Select[Any]:
        return select(
            literal(odd).label("odd"),
            literal(None).label("nothing"),
            bindparam("word", type_=String).label("word"),
        )

    with transaction(world.holder) as tx:
        for word in ("one", "it's %(odd)s"):
            assert [tuple(row) for row in tx.rows("odd", build, word=word)] == [(odd, None, word)]
