"""Settings, read once from the environment: the only place that reads it."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations. Secrets come from the environment only."""

    database_url: str
    migration_database_url: str
    redis_url: str
    smtp_url: str
    base_url: str
    secret_key: str
    data_key: str  # seals identity numbers; see core.secrets
    mail_from: str
    sms_url: str  # a gateway that takes {"to", "text", "id"} as JSON; empty: no text leaves
    sms_token: str
    demo: bool
    mail_dir: Path | None
    pool_size: int  # connections of a process
    threads: int  # requests that a process of the API works on at once: fewer than its connections
    files_url: str  # file:///directory, s3://bucket/prefix, or memory: (tests)
    s3_endpoint: str
    s3_region: str
    s3_key_id: str
    s3_secret: str
    clamav: str  # unix:/path/of/socket or tcp://host:port; empty: nobody scans
    file_limit: int  # bytes of one file


@cache
def settings() -> Settings:
    env = os.environ.get
    database = _psycopg(env("DATABASE_URL", ""))
    mail_dir = env("INDH_MAIL_DIR")
    return Settings(
        database_url=database,
        migration_database_url=_psycopg(env("MIGRATION_DATABASE_URL", "")) or database,
        redis_url=env("REDIS_URL", ""),
        smtp_url=env("SMTP_URL", ""),
        base_url=env("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        secret_key=env("SECRET_KEY", ""),
        data_key=env("DATA_KEY", ""),
        mail_from=env("MAIL_FROM", "INDH Programme 3 <ne-pas-repondre@indh.invalid>"),
        sms_url=env("SMS_URL", ""),
        sms_token=env("SMS_TOKEN", ""),
        demo=env("INDH_DEMO", "") == "1",
        mail_dir=Path(mail_dir) if mail_dir else None,
        pool_size=int(env("POOL_SIZE", "10")),
        threads=int(env("API_THREADS", "6")),
        files_url=env("FILES_URL", ""),
        s3_endpoint=env("S3_ENDPOINT", ""),
        s3_region=env("S3_REGION", "us-east-1"),
        s3_key_id=env("S3_KEY_ID", ""),
        s3_secret=env("S3_SECRET", ""),
        clamav=env("CLAMAV", ""),
        file_limit=int(env("FILE_LIMIT_MB", "20")) * 1_000_000,
    )


def _psycopg(url: str) -> str:
    """SQLAlchemy wants the driver named; operators write the plain `postgresql://`."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
