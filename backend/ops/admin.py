"""`./indh admin EMAIL NAME`: the first administrator of an installation; she makes everyone else."""

import getpass
import os

from pydantic import ValidationError

from ..app import load
from ..arguments import Arguments
from ..core.actor import SYSTEM
from ..core.errors import Problem
from ..core.tx import transaction
from .refusal import Refusal


def main(argv: list[str]) -> int:
    """Ask for a password (or read INDH_ADMIN_PASSWORD) and make the account. Raises Refusal on bad input."""
    parser = Arguments(prog="./indh admin", description="Make an administrator's account.")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--language", choices=("fr", "ar"), default="fr", help="of the account (fr)")
    options = parser.parse_args(argv)
    if not os.environ.get("DATABASE_URL"):
        raise Refusal("DATABASE_URL names no database.")
    password = os.environ.get("INDH_ADMIN_PASSWORD") or getpass.getpass("Password (at least 12 characters): ")
    load("jobs")
    from ..people.commands import create_person
    from ..people.schemas import GrantIn, PersonIn

    try:
        given = PersonIn(
            name=options.name,
            email=options.email,
            language=options.language,
            password=password,
            grants=[GrantIn(role="administrator")],
        )
        with transaction(SYSTEM) as tx:
            create_person(tx, given)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
        raise Refusal(f"not accepted: {fields}.") from None
    except Problem as problem:
        raise Refusal(f"not made: {problem.code}.") from None
    print(f"{options.email}: administrator.")
    return 0
