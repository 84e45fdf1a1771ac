"""Events and refusals of the value chains."""

from backend.core.errors import problem
from backend.core.events import declare

declare("chains.loaded", "priorities.set")

UNKNOWN_CHAIN = problem("unknown_chain", 422)
PRIORITIES_BACKDATED = problem("priorities_backdated", 409)
