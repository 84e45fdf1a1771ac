"""Who acts: one frozen value, the same for a page, a token, a job and a command line."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from uuid import UUID


@dataclass(frozen=True)
class Grant:
    """A role held in a province, or in the whole country when `province` is None."""

    role: str
    province: str | None = None


@dataclass(frozen=True)
class Actor:
    """A person signed in, a program holding her token, nobody, or the platform itself.

    `scopes` are patterns of rule names that a token may use (`*.read`, `application.*`); None means all.
    """

    kind: str = "anonymous"  # anonymous | person | system
    id: UUID | None = None
    name: str = ""
    language: str = "fr"
    grants: frozenset[Grant] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None

    @property
    def is_authenticated(self) -> bool:
        return self.kind == "person"

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def provinces(self, *roles: str) -> frozenset[str | None]:
        """Provinces where the actor holds one of the roles; None among them means everywhere."""
        return frozenset(grant.province for grant in self.grants if grant.role in roles)

    def in_scope(self, rule: str) -> bool:
        return self.scopes is None or any(fnmatchcase(rule, pattern) for pattern in self.scopes)


ANONYMOUS = Actor()
SYSTEM = Actor(kind="system", name="system")
