"""Properties of the model have no deadline: a busy machine is slow, which is no fault of a plan."""

from hypothesis import settings

settings.register_profile("viability", deadline=None)
settings.load_profile("viability")
