"""`python -m backend CMD`, the same as `./indh CMD` inside an environment that is already made."""

import sys

from backend.cli import main

sys.exit(main(sys.argv[1:]))
