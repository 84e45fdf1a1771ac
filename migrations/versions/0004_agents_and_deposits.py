"""Agents of the plateforme des jeunes file for holders; a dossier keeps its first deposit; exports are recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE application SET first_submitted_at = coalesce("
        "(SELECT min(s.submitted_at) FROM submission s WHERE s.application_id = application.id), submitted_at)"
    )


def downgrade() -> None:
    op.drop_column("application", "first_submitted_at")
