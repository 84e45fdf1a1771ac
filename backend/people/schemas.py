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
from .identifiers import latin_digits
from .models import LegalForm, LookalikeState, Role, Sex
from .passwords import LONGEST, SHORTEST
from .text import Blankable, Cin, Email, Ice, Line, Name, Phone, Prose, Rib


def _long_enough(password: SecretStr) -> SecretStr:
    if len(password.get_secret_value()) < SHORTEST:
        raise PydanticCustomError("password_short", "password short", {"shortest": SHORTEST})
    return password


Language = Literal["fr", "ar"]
Code = Annotated[str, StringConstraints(max_length=16, pattern=r"^[0-9.]+$")]
Password = Annotated[SecretStr, Field(max_length=LONGEST), AfterValidator(_long_enough)]
MaybePhone = Annotated[Phone | None, Blankable]
Digits = BeforeValidator(lambda value: latin_digits(value.strip()) if isinstance(value, str) else value)
Activity = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_-]+$")]
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
    commercial_register: Annotated[Line | None, Field(max_length=40), Blankable] = None
    bank_account: Annotated[Rib | None, Blankable] = None
    sectors: list[Activity] = Field(default_factory=list, max_length=20)
    chains: list[Activity] = Field(default_factory=list, max_length=20)
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
    identity: Annotated[Cin | None, Blankable] = Field(None, exclude=True)
    """The number of her card (CIN), where a call asks for it; absent, what is kept stays."""

    def columns(self) -> dict[str, Any]:
        """What is kept as it was given: all but the number of the card."""
        return {name: getattr(self, name) for name in ("name", "sex", "birth_year", "office")}


class MembersIn(In):
    """All the members, in their order: what is not in the list is removed."""

    members: list[MemberIn] = Field(max_length=2000)


class MemberOut(Out):
    """`identity` is the number of her card, masked (`AB•••56`), when one is kept."""

    id: UUID
    position: int
    name: str
    sex: Sex
    birth_year: int
    office: str | None
    identity: str | None = None


class OrganisationOut(Out):
    id: UUID
    name: dict[str, str]
    legal_form: LegalForm
    province_code: str
    commune_code: str
    register_number: str | None
    ice: str | None
    commercial_register: str | None
    sectors: list[str]
    chains: list[str]
    created_on: date | None
    last_agm_on: date | None
    phone: str | None
    merged_into_id: UUID | None
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
    """`warnings` are doubts that block nothing (`ice_check`: the control digits of the ICE disagree).

    `bank_account` is whole for those who may edit it, masked for the others.
    """

    bank_account: str | None = None
    members: list[MemberOut]
    composition: CompositionOut | None = None
    warnings: list[str] = []


class RevealIn(In):
    """Why the number of a card has to be read: kept with the reading."""

    reason: Prose


class IdentityOut(Out):
    """The only answer that holds the whole number."""

    identity: str


class FaultOut(Out):
    """What is wrong in a cell of a list that was sent, and what to do."""

    line: int
    cell: str
    column: str
    code: str
    message: str


class ImportOut(Out):
    """What a list of members does, or would do: numbers of the lines of the sheet."""

    added: list[int]
    changed: list[int]
    unchanged: list[int]
    doubtful: list[int]
    faults: list[FaultOut]
    saved: bool


class LookalikeSide(Out):
    """What an officer of the other province sees of an organisation: no more than is needed to compare."""

    id: UUID
    name: dict[str, str]
    legal_form: LegalForm
    province_code: str
    commune_code: str
    readable: bool


class LookalikeOut(Out):
    """Two organisations that may be one. `verbs` are what the reader may do about it."""

    id: UUID
    first: LookalikeSide
    second: LookalikeSide
    grounds: list[str]
    closeness: int
    state: LookalikeState
    found_at: datetime
    settled_at: datetime | None
    reason: str | None
    version: int
    verbs: list[str] = []


class LookalikesPage(Out):
    items: list[LookalikeOut]
    next: str | None


class SettleIn(In):
    """Why they are one, or two."""

    reason: Prose


class EraseIn(In):
    """A request to be erased is confirmed with the password."""

    password: SecretStr = Field(max_length=LONGEST)


class InterestIn(In):
    reason: Prose


class InterestOut(Out):
    id: UUID
    organisation_id: UUID
    reason: str
    declared_at: datetime
