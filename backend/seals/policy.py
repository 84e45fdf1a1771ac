"""Who may: anybody reads the seals; a decision's proof, its readers, and all once results are public."""

from sqlalchemy import ColumnElement, and_, or_, select

from ..core.actor import Actor
from ..core.policy import RULES, rule
from ..core.seals import Seal
from ..decisions.models import Decision, Publication
from ..decisions.standing import FINAL
from ..people.policy import anyone


def _published() -> ColumnElement[bool]:
    """Adopted, in a call whose results are public."""
    return and_(Decision.state.in_(FINAL), Decision.call_id.in_(select(Publication.call_id)))


def _proven(a: Actor) -> ColumnElement[bool]:
    return or_(RULES["decision.read"].condition(a), _published())


rule("seal.read", Seal, anyone)
rule("proof.read", Decision, _proven)
