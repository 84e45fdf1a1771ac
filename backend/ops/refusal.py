"""The one error that an operator sees without a traceback, and what else is told her in one line."""

import sys
from collections.abc import Callable

REFUSED = 2
"""The exit code of a refusal."""


class Refusal(Exception):
    """The command cannot go on; its text is one clear line for the operator, and the exit code is 2."""


def exit_code(command: Callable[[list[str]], int], argv: list[str]) -> int:
    """Run a command: a refusal, or a server that does not answer, is one line and 2; Ctrl-C is 130."""
    try:
        code = command(argv)
        sys.stdout.flush()  # here, where a closed pipe is known for what it is
        return code
    except Refusal as refusal:
        print(f"indh: {refusal}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read us has enough: `./indh words check | head`
        sys.stdout = None  # nothing is flushed into the closed pipe at exit
        return 141
    except Exception as error:
        if (line := in_a_line(error)) is None:
            raise  # a fault of ours: its traceback is wanted
        print(f"indh: {line}", file=sys.stderr)
        return REFUSED


def in_a_line(error: Exception) -> str | None:
    """What the operator can mend about a database or a store of hers; None for any other error.

    Neither library is imported here: the launcher runs before they are installed, and an error of theirs
    means that they are loaded.
    """
    library = type(error).__module__.partition(".")[0]
    said = (str(getattr(error, "orig", None) or error).strip().splitlines() or ["no reason given"])[0]
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if library in {"sqlalchemy", "psycopg"}:
        if type(getattr(error, "orig", error)).__name__ in {"UndefinedTable", "UndefinedColumn"}:
            return "the database has not the platform's schema: run ./indh migrate."
        if "OperationalError" in kinds:
            return f"the database cannot be used: {said}"
    if library in {"redis", "kombu"} and kinds & {"ConnectionError", "OperationalError"}:
        return f"the store (REDIS_URL) cannot be used: {said}"
    return None
