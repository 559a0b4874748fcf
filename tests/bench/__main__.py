"""Run every `bench_*.py` beside this file, or those named, and print one table.

    python -m tests.bench           all of them
    python -m tests.bench import    bench_import.py alone

A bench is a module with `rows() -> Iterable[Row]`. The numbers depend on the machine and on what
else it is doing, so they are printed and read by a person; no test asserts them.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from tests.bench.row import Row

HEADER = ("what", "measured", "unit", "budget", "ratio", "")
RIGHT_ALIGNED = (False, True, False, True, True, False)


def names() -> list[str]:
    """The benches there are, in the order of their names."""
    return sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )


def number(value: float | None) -> str:
    """Three significant digits and no exponent: what a person compares."""
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned columns, numbers to the right."""
    cells = [HEADER] + [
        (
            row.name,
            number(row.value),
            row.unit,
            number(row.budget),
            number(row.ratio),
            row.verdict,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADER))]
    lines = []
    for line in cells:
        padded = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, RIGHT_ALIGNED, strict=True)
        )
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def main(wanted: list[str]) -> int:
    """Print the table: 0 whatever was measured, 1 where a bench failed, 2 for one unknown."""
    known = names()
    for name in wanted:
        if name not in known:
            print(f"There is no bench {name!r}. There are: {', '.join(known)}.", file=sys.stderr)
            return 2
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores\n")
    rows: list[Row] = []
    failed = []
    for name in wanted or known:
        print(f"measuring {name} ...", file=sys.stderr)
        try:
            rows.extend(importlib.import_module(f"tests.bench.bench_{name}").rows())
        except Exception:  # the others are still worth knowing
            traceback.print_exc()
            failed.append(name)
    print(table(rows))
    over = [row.name for row in rows if row.verdict == "OVER"]
    if over:
        print(f"\nOver budget: {', '.join(over)}.")
    if failed:
        print(f"\nCould not be measured: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
