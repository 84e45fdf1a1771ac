"""Work done by a process that ends with it: what needs numpy and scipy, which take some 60 MB.

The module that does it answers JSON with JSON: `answer(asked)`, and `apart.serve(answer)` as its last line.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def ask(module: str, asked: Any, longest: float) -> Any:
    """What `python -m module` answers within `longest` seconds.

    TimeoutExpired when it does not (it is ended), CalledProcessError when it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=longest,
    )
    return json.loads(done.stdout)


def serve(answer: Callable[[Any], Any]) -> None:
    """Read what is asked, write what is found; what a library of C prints meanwhile goes to the log."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as answered:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        json.dump(answer(json.load(sys.stdin)), answered)
