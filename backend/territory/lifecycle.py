"""Events of the reference data."""

from ..core.events import declare

declare("reference.loaded")
