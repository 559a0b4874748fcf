"""Build the tables of facts, show one, or list those to read again.

Facts are edited in labkit/facts/SERVICE.yml; the tables that the code reads are built from them.
"""

from __future__ import annotations

import argparse
import datetime as dt

from labkit.errors import UsageError
from labkit.facts import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the id of a fact, `--build` or `--stale DAYS`."""
    parser.add_argument("id", nargs="?", help="the fact to show, for example sqs.delay_max_s")
    parser.add_argument("--build", action="store_true", help="write the tables from the YAML files")
    parser.add_argument(
        "--stale", type=int, metavar="DAYS", help="list the facts not read for more than DAYS days"
    )


def run(args: argparse.Namespace) -> int:
    """Do the one thing asked; `--stale` prints nothing, or the facts to read again and then 1."""
    if (args.id is not None) + args.build + (args.stale is not None) != 1:
        raise UsageError(
            "Name one fact, or say --build or --stale DAYS.",
            next_step="For example: labkit facts sqs.delay_max_s",
        )
    if args.build:
        written = build.build()
        print("\n".join(f"Wrote {path.name}." for path in written) or "The tables are up to date.")
        return 0
    if args.stale is not None:
        old = build.stale(args.stale, dt.date.today())
        for fact in old:
            print(f"{fact.read_on}  {fact.id:<40}  {fact.url or fact.source}")
        return 1 if old else 0
    print(build.show(args.id))
    return 0
