"""Ways in: browsers that are signed in, keys of programs, invitations. Of each, only a hash is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId


class SignIn(HasId, Base):
    """A browser that is signed in. Only the hash of its cookie is kept."""

    __tablename__ = "sign_in"
    __secrets__ = ("token_hash",)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AccessToken(HasId, Base):
    """A program's key to the API: its person's rights narrowed to `scopes`; shown once, kept hashed."""

    __tablename__ = "access_token"
    __secrets__ = ("token_hash",)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Invitation(HasId, Base):
    """A way in, once: whoever has the link that was sent chooses the person's password. Kept hashed."""

    __tablename__ = "invitation"
    __secrets__ = ("token_hash",)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # made when the message leaves
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
