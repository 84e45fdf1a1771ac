"""`./indh admin EMAIL NAME`: the first administrator of an installation; she makes everyone else."""

import argparse
import getpass
import os

from pydantic import ValidationError

from ..app import load
from ..core.actor import SYSTEM
from ..core.errors import Problem
from ..core.tx import transaction
from .refusal import Refusal


def main(argv: list[str]) -> int:
    """Ask for a password (or read INDH_ADMIN_PASSWORD) and make the account. Raises Refusal on bad input."""
    parser = argparse.ArgumentParser(prog="./indh admin", description="Crée un compte d'administration.")
    parser.add_argument("email")
    parser.add_argument("name")
    parser.add_argument("--language", choices=("fr", "ar"), default="fr")
    options = parser.parse_args(argv)
    if not os.environ.get("DATABASE_URL"):
        raise Refusal("DATABASE_URL names no database.")
    password = os.environ.get("INDH_ADMIN_PASSWORD") or getpass.getpass(
        "Mot de passe (12 caractères au moins) : "
    )
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
