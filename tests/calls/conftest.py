"""Properties of calls are tried without a deadline: a busy machine is slow, which is no fault of a rule."""

from hypothesis import settings

settings.register_profile("calls", deadline=None)
settings.load_profile("calls")
