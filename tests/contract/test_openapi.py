"""What the API says of itself: each operation has one name, a sentence, and the shape of its refusals."""

import re
from collections import Counter
from typing import Any

import pytest

from tests.world import application

OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    (f"{method.upper()} {path}", operation)
    for path, methods in application().openapi()["paths"].items()
    for method, operation in methods.items()
]


def test_no_two_operations_share_a_name() -> None:
    names = Counter(operation["operationId"] for _, operation in OPERATIONS)
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z_]+", name)] == []


@pytest.mark.parametrize("part", ["summary", "description", "tags"])
def test_every_operation_is_described(part: str) -> None:
    assert [where for where, operation in OPERATIONS if not operation.get(part)] == []


def test_every_operation_says_how_it_refuses() -> None:
    shapes = {
        where: operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
        for where, operation in OPERATIONS
    }
    assert {shape["$ref"] for shape in shapes.values()} == {"#/components/schemas/ProblemOut"}
