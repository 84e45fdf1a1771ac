"""Organisations, what they are made of, and the ties that keep one from judging them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ...core.shapes import In, Out
from ..models import LegalForm
from ..text import Blankable, Email, Ice, Line, Name, Prose, Rib
from .common import Activity, Code, Language, MaybePhone
from .members import MemberOut


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
    warnings: list[str] = Field(default_factory=list)


class InterestIn(In):
    reason: Prose


class InterestOut(Out):
    id: UUID
    organisation_id: UUID
    reason: str
    declared_at: datetime
