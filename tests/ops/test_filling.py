"""What a start of the demonstration leaves alone: mail of somebody's, and a register of real people."""

import pytest

from backend.ops import admin, seed
from backend.ops.demo.whole import forget_lost_mail
from backend.ops.refusal import Refusal


def test_only_mail_that_nobody_owns_is_forgotten(database, tmp_path):
    lost = tmp_path / "20260101T000000.000000Z-000000-0123456789abcdef.eml"
    lost.write_text("Message-ID: <message.0@exemple.test>\n\nperdu\n")
    (tmp_path / "mine.eml").write_text("kept by somebody")
    forget_lost_mail(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.eml"]


def test_a_demonstration_is_refused_where_real_people_are(committed, monkeypatch):
    monkeypatch.setenv("INDH_ADMIN_PASSWORD", "une phrase assez longue")
    admin.main(["vraie@prefecture.example", "Une vraie administratrice"])
    with pytest.raises(Refusal, match="--no-demo"):
        seed.load(demo=True)
