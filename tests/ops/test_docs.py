import pytest

from backend.ops import docs
from backend.ops.refusal import Refusal


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setattr(docs, "OUT", tmp_path / "generated")
    return docs.OUT


def test_pages_are_written_then_checked(out):
    assert docs.main([]) == 0
    assert {path.name for path in out.iterdir()} == {"machines.md", "tables.md", "events.md"}
    assert docs.main(["--check"]) == 0


def test_a_page_that_grew_old_or_was_never_made_is_named(out):
    with pytest.raises(Refusal, match=r"machines.md, tables.md, events.md no longer"):
        docs.main(["--check"])
    assert not out.exists()
    docs.main([])
    (out / "tables.md").write_text("of last year")
    with pytest.raises(Refusal, match=r"^tables.md no longer"):
        docs.main(["--check"])
    assert (out / "tables.md").read_text() == "of last year"


def test_pages_say_what_the_code_says(out):
    docs.main([])
    machines = (out / "machines.md").read_text()
    assert "  draft --> submitted: submit" in machines
    guards = "`window_open`, `complete`, `confirmed`"
    assert f"| `submit` | `application.submit` | {guards} | `application.submitted` |" in machines
    tables = (out / "tables.md").read_text()
    assert "  person ||--o{ sign_in : person_id" in tables
    assert tables.index("## people") < tables.index("## calls")
    events = (out / "events.md").read_text()
    assert "| `assignment.recused` | Récusation | `reviews.replace_recused` |" in events
    assert "| `reminders` | 60 s |" in events
