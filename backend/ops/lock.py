"""Pins every dependency with its hashes, for every platform, with no trace of where it was fetched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from backend.arguments import Arguments
from backend.ops.launch import BOOTSTRAP, DEVELOPMENT, RUNTIME
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal

_FLOOR = "3.11"
# Extra places of this machine must not decide what everybody gets.
_LOCAL = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_CONFIG_FILE")


def compile_command(root: Path, groups: list[str], output: str, *options: str) -> list[str]:
    """The uv command that writes `output` from pyproject's dependencies and `groups`."""
    uv = [sys.executable, "-m", "uv", "--no-config", "--quiet", "pip", "compile"]
    source = [word for group in groups for word in ("--group", group)]
    form = [
        "--universal",
        "--generate-hashes",
        "--python-version",
        _FLOOR,
        "--custom-compile-command",
        "./indh lock",
    ]
    return [*uv, "pyproject.toml", *source, *form, *options, "-o", str(root / output)]


def main(argv: list[str]) -> int:
    """Write the three locks; `--upgrade` takes the newest versions allowed.

    Raises Refusal when the registry does not answer or no set of versions fits.
    """
    parser = Arguments(prog="./indh lock", description="Pin every dependency with its hashes.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = ["--upgrade"] if parser.parse_args(argv).upgrade else []
    environment = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    installer = compile_command(ROOT, ["installer"], BOOTSTRAP, *upgrade)
    installer.remove("pyproject.toml")
    if not (ROOT / DEVELOPMENT).exists() and (ROOT / RUNTIME).exists():
        shutil.copy(ROOT / RUNTIME, ROOT / DEVELOPMENT)  # so that its versions stay
    commands = [
        installer,
        compile_command(ROOT, ["embedded"], RUNTIME, *upgrade),
        compile_command(ROOT, ["embedded", "test", "lint"], DEVELOPMENT, "-c", RUNTIME, *upgrade),
    ]
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refusal(f"the lock could not be made: {done.stderr.strip()}")
        print(f"written: {Path(command[-1]).name}")
    return 0
