"""Work done apart by a library that prints, as solvers do whatever they are asked."""

import os
from typing import Any

from backend.core import apart


def answer(asked: Any) -> Any:
    """What is asked, after a line on the standard output that no Python buffer sees."""
    os.write(1, b"a library speaks\n")
    return asked


if __name__ == "__main__":
    apart.serve(answer)
