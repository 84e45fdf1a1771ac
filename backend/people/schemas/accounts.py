"""Accounts: registering, signing in, people and their roles, tokens."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from ...core.shapes import In, Out
from ..models import Reach, Role
from ..passwords import LONGEST
from ..text import Blankable, Email, Name
from .common import Code, Language, MaybePhone, Password


class RegisterIn(In):
    """A holder who opens an account for herself."""

    name: Name
    email: Email
    phone: MaybePhone = None
    language: Language = "fr"
    password: Password


class Registered(Out):
    """The same answer whether or not the address had an account."""

    status: Literal["accepted"] = "accepted"


class SignInIn(In):
    email: str = Field(max_length=254)
    password: SecretStr = Field(max_length=LONGEST)


class GrantIn(In):
    """A role; provincial roles need a province, national ones and `holder` have none."""

    role: Role
    province_code: Annotated[Code | None, Blankable] = None


class PersonIn(In):
    """Somebody whom an administrator enters; without a password she only receives messages."""

    name: Name
    email: Annotated[Email | None, Blankable] = None
    phone: MaybePhone = None
    language: Language = "fr"
    password: Annotated[Password | None, Blankable] = None
    grants: list[GrantIn] = Field(default_factory=list, max_length=100)


class PersonPatch(In):
    """`reach` is how she hears of what matters: by e-mail, by SMS, or by both."""

    name: Name = Field(default="")
    phone: MaybePhone = None
    language: Language = "fr"
    reach: Reach = Reach.EMAIL


class InvitationIn(In):
    """The password that whoever was invited chooses."""

    password: Password


class InvitationOut(Out):
    """A way in was sent; the link is in the message alone."""

    asked_at: datetime
    expires_at: datetime


class GrantOut(Out):
    id: UUID
    role: Role
    province_code: str | None
    granted_at: datetime


class PersonOut(Out):
    """`grants` are the current ones."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    language: str
    reach: Reach
    active: bool
    created_at: datetime
    version: int
    grants: list[GrantOut]


class PeoplePage(Out):
    items: list[PersonOut]
    next: str | None


class SessionOut(Out):
    """The cookie holds the session; this says whose it is and until when."""

    person: PersonOut
    expires_at: datetime


class TokenIn(In):
    """`scopes` are patterns of rule names, as in `*`, `*.read`, `application.*`."""

    name: Name = Field(max_length=100)
    scopes: list[Annotated[str, StringConstraints(max_length=80)]] = Field(min_length=1, max_length=50)
    expires_in_days: int = Field(90, ge=1, le=365)


class TokenOut(Out):
    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewToken(TokenOut):
    """The only time that the secret is shown."""

    secret: str


class TokensPage(Out):
    items: list[TokenOut]
    next: str | None


class EraseIn(In):
    """A request to be erased is confirmed with the password."""

    password: SecretStr = Field(max_length=LONGEST)
