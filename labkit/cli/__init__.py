"""The `labkit` command: what a reader, a learner and a maintainer type.

Each subcommand is a module here with `add_arguments(parser)` and `run(args) -> int`. They import
what is heavy only when they run, so that `labkit doctor` starts where half of it is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from labkit.cli import actions, doctor, facts, new_chapter, normalise, questions, take
from labkit.errors import LabError

COMMANDS = {
    "doctor": doctor,
    "take": take,
    "facts": facts,
    "actions": actions,
    "questions": questions,
    "normalise": normalise,
    "new-chapter": new_chapter,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand: 0 it went well, 1 it found something to mend, 2 it could not."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except LabError as error:
        print(f"labkit {args.command}: {error}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="labkit", description="The tools behind the book AWS for Developers."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        first_line, _, rest = (module.__doc__ or "").partition("\n")
        command = commands.add_parser(
            name,
            help=first_line,
            description=first_line,
            epilog=rest.strip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
