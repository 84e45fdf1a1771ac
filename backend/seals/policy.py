"""Who may: anybody reads the seals; a decision's proof, its readers, and all once results are public."""

from sqlalchemy import ColumnElement, or_

from ..core.actor import Actor
from ..core.policy import RULES, rule
from ..core.seals import Seal
from ..decisions.models import Decision
from ..decisions.told import named
from ..people.policy import anyone


def _proven(a: Actor) -> ColumnElement[bool]:
    return or_(RULES["decision.read"].condition(a), named())


rule("seal.read", Seal, anyone)
rule("proof.read", Decision, _proven)
