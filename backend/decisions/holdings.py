"""What decisions holds of a person (law 09-08): her appeals, those given to her, the conditions she answered.

An appeal stays with the dossier, as its decision does: who filed it is erased with her particulars. So do
answers to the conditions of a grant, on which money was given.
"""

from collections.abc import Iterable

from sqlalchemy import select

from ..applications.models import Application
from ..core.tx import Tx
from ..people.holdings import Row, holds
from ..people.models import Person
from .models import Appeal, DecisionCondition


@holds("appeals", "number", "state", "at")
def appeals(tx: Tx, person: Person) -> Iterable[Row]:
    """Those that she filed, with what became of them."""
    asked = (
        select(Appeal.number, Appeal.state, Appeal.filed_at)
        .where(Appeal.filed_by == person.id)
        .order_by(Appeal.filed_at, Appeal.id)
    )
    for number, state, at in tx.session.execute(asked):
        yield {"number": number, "state": f"state.appeal.{state}", "at": at}


@holds("appeals_studied", "number", "state")
def studied(tx: Tx, person: Person) -> Iterable[Row]:
    """Those that she was asked to study."""
    asked = select(Appeal.number, Appeal.state).where(Appeal.handler_id == person.id).order_by(Appeal.number)
    for number, state in tx.session.execute(asked):
        yield {"number": number, "state": f"state.appeal.{state}"}


@holds("conditions_answered", "number", "state", "at", "text")
def conditions_answered(tx: Tx, person: Person) -> Iterable[Row]:
    """The conditions of grants that she answered, with her words."""
    asked = (
        select(
            Application.number,
            DecisionCondition.state,
            DecisionCondition.answered_at,
            DecisionCondition.answer,
        )
        .join(Application, Application.id == DecisionCondition.application_id)
        .where(DecisionCondition.answered_by == person.id)
        .order_by(DecisionCondition.answered_at, DecisionCondition.id)
    )
    for number, state, at, words in tx.session.execute(asked):
        yield {"number": number, "state": f"state.decision_condition.{state}", "at": at, "text": words}
