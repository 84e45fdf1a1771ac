"""Flags of the operator's command: a mistake is one line and exit code 2, not a page of usage."""

import argparse
from typing import NoReturn


class Arguments(argparse.ArgumentParser):
    """As argparse's, with `--help` for those who want the page."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"indh: {message} ({self.prog} --help says more)\n")
