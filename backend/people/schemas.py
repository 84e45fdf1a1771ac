"""What the edges accept and return about people, sessions, tokens and organisations."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..core.shapes import In, Out
from .identifiers import latin_digits, read_ice
from .models import LegalForm, Role, Sex
from .passwords import LONGEST, SHORTEST
from .text import Blankable, Email, Ice, Line, Name, Phone, Prose


def _long_enough(password: SecretStr) -> SecretStr:
    if len(password.get_secret_value()) < SHORTEST:
        raise PydanticCustomError("password_short", "password short", {"shortest": SHORTEST})
    return password


Language = Literal["fr", "ar"]
Code = Annotated[str, StringConstraints(max_length=16, pattern=r"^[0-9.]+$")]
Password = Annotated[SecretStr, Field(max_length=LONGEST), AfterValidator(_long_enough)]
MaybePhone = Annotated[Phone | None, Blankable]
Digits = BeforeValidator(lambda value: latin_digits(value.strip()) if isinstance(value, str) else value)
Year = Annotated[int, Digits, Field(ge=1900, le=2100)]


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
    name: Name = Field(default="")
    phone: MaybePhone = None
    language: Language = "fr"


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


class NameIn(In):
    """The organisation's name; the language left empty gets the text of the other one."""

    fr: Annotated[Name | None, Blankable] = None
    ar: Annotated[Name | None, Blankable] = None

    @model_validator(mode="after")
    def _one_language_at_least(self) -> "NameIn":
        if not (self.fr or self.ar):
            raise PydanticCustomError("name_in_one_language", "name in one language")
        return self

    def words(self) -> dict[str, str]:
        return {"fr": self.fr or self.ar or "", "ar": self.ar or self.fr or ""}


class OrganisationFacts(In):
    """What may be said, and later corrected, of an organisation. Its province is its commune's."""

    register_number: Annotated[Line | None, Field(max_length=40), Blankable] = None
    ice: Annotated[Ice | None, Blankable] = None
    created_on: Annotated[date | None, Blankable] = None
    last_agm_on: Annotated[date | None, Blankable] = None
    phone: MaybePhone = None


class HolderIn(In):
    """A holder whom an officer assists, without an account or with one at this address."""

    name: Name
    email: Annotated[Email | None, Blankable] = None
    phone: MaybePhone = None
    language: Language = "fr"


class OrganisationIn(OrganisationFacts):
    """A new organisation. A holder represents it herself; an officer names whom she assists."""

    name: NameIn
    legal_form: LegalForm
    commune_code: Code
    holder_id: UUID | None = None
    holder: HolderIn | None = None


class OrganisationPatch(OrganisationFacts):
    """Only what is sent changes; an empty optional fact is removed."""

    name: NameIn = Field(default_factory=NameIn.model_construct)
    legal_form: LegalForm = LegalForm.COOPERATIVE
    commune_code: Code = ""

    def changes(self) -> dict[str, Any]:
        """The columns to set."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if isinstance(sent.get("name"), NameIn):
            sent["name"] = sent["name"].words()
        return sent


class MemberIn(In):
    name: Name
    sex: Sex
    birth_year: Year
    office: Annotated[Line | None, Field(max_length=40), Blankable] = None


class MembersIn(In):
    """All the members, in their order: what is not in the list is removed."""

    members: list[MemberIn] = Field(max_length=2000)


class MemberOut(Out):
    id: UUID
    position: int
    name: str
    sex: Sex
    birth_year: int
    office: str | None


class OrganisationOut(Out):
    id: UUID
    name: dict[str, str]
    legal_form: LegalForm
    province_code: str
    commune_code: str
    register_number: str | None
    ice: str | None
    created_on: date | None
    last_agm_on: date | None
    phone: str | None
    version: int


class OrganisationsPage(Out):
    items: list[OrganisationOut]
    next: str | None


class CompositionOut(Out):
    """How the members are made up on a day; ages come from the year of birth, in the holder's favour."""

    on: date
    youth_under: int
    total: int
    women: int
    youth: int
    women_or_youth: int


class OrganisationDetail(OrganisationOut):
    """`warnings` are doubts that block nothing (`ice_check`: the control digits of the ICE disagree)."""

    members: list[MemberOut]
    composition: CompositionOut | None = None
    warnings: list[str] = []

    @model_validator(mode="after")
    def _doubts(self) -> "OrganisationDetail":
        if self.ice and read_ice(self.ice).doubtful:
            self.warnings = ["ice_check"]
        return self


class InterestIn(In):
    reason: Prose


class InterestOut(Out):
    id: UUID
    organisation_id: UUID
    reason: str
    declared_at: datetime
