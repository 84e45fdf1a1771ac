"""What another process answers, whatever its libraries print."""

from backend.core import apart


def test_what_a_library_prints_is_no_part_of_the_answer(far: None) -> None:
    assert apart.ask("tests.core.printing", {"of": ["قفة", 3]}, 60) == {"of": ["قفة", 3]}
