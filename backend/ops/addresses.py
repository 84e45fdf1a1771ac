"""The servers that the environment names: an address that cannot be one is said before anything starts."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from backend.ops.refusal import Refusal

_POSTGRESQL = (
    ("postgresql", "postgres", "postgresql+psycopg"),
    "postgresql://user:password@host:5432/database",
)
_KNOWN: dict[str, tuple[tuple[str, ...], str]] = {
    "DATABASE_URL": _POSTGRESQL,
    "MIGRATION_DATABASE_URL": _POSTGRESQL,
    "REDIS_URL": (("redis", "rediss", "redis+socket", "unix"), "redis://:password@host:6379/0"),
    "SMTP_URL": (("smtp", "smtps", "smtp+starttls"), "smtp://host:25"),
}


def require_addresses(environment: Mapping[str, str]) -> None:
    """Raises Refusal for a variable that is set and no address of its kind. It is not repeated: it may hold a
    password.
    """
    for name, (schemes, example) in _KNOWN.items():
        if given := environment.get(name):
            try:
                parts = urlsplit(given)
                good = parts.scheme in schemes and parts.port != 0
            except ValueError:
                good = False
            if not good:
                raise Refusal(f"{name} is not an address such as {example}")
