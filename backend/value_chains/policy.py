"""Chains and priorities are public; a province's officers set its priorities."""

from backend.core.policy import rule
from backend.people.models import Role
from backend.people.policy import anyone, in_province
from backend.territory.models import Province

from .models import PriorityChain, ValueChain

rule("value_chain.read", ValueChain, anyone)
rule("priority_chain.read", PriorityChain, anyone)
rule("province.prioritise", Province, lambda a: in_province(a, Role.OFFICER, Province.code))
