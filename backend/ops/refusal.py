"""The one error that an operator sees without a traceback."""


class Refusal(Exception):
    """The command cannot go on; its text is one clear line for the operator, and the exit code is 2."""
