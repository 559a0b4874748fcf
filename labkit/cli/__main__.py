"""`python -m labkit.cli` is the `labkit` command where that is not on the path."""

from __future__ import annotations

import sys

from labkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
