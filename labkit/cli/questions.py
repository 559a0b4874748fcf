"""Check the question banks, build them from chapters/quiz, and run their proofs.

A bank is committed as JSON beside labkit.questions, so that nothing reads YAML at run time.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do; checking is the default."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--build", action="store_true", help="write the banks that have changed")
    what.add_argument("--check", action="store_true", help="say what is wrong; the default")
    what.add_argument("--prove", action="store_true", help="run every proof in a sandbox")


def run(args: argparse.Namespace) -> int:
    """0 when nothing is to be mended."""
    if args.build:
        return _build()
    return _prove() if args.prove else _check()


def _build() -> int:
    from labkit.questions.build import build

    changed = build()
    for path in changed:
        print(f"{path.name} written.")
    if not changed:
        print("Every bank is as its YAML file says.")
    return 0


def _check() -> int:
    from labkit.questions import bank
    from labkit.questions.build import SOURCES, read, stale
    from labkit.questions.measures import measure

    wrong = 0
    for source in sorted(SOURCES.glob("*.yml")):
        entries, found = read(source)
        for fault in found:
            print(fault)
        wrong += len(found)
        if found:
            continue
        measures = measure(bank(source.stem, entries))
        for breach in measures.breaches():
            print(f"{source.name}: {breach}")
            wrong += 1
        print(
            f"{source.name}: {measures.questions} questions, {len(measures.proved)} proved, "
            f"{len(measures.scenarios)} scenarios; {measures.asks_why_share:.0%} ask why or what "
            f"happens, the right option is the longest in {measures.longest_right_share:.0%}."
        )
    if wrong == 0:
        for slug in stale(SOURCES):
            print(f"The bank of {slug} is not up to date: run `labkit questions --build`.")
            wrong += 1
    return 1 if wrong else 0


def _prove() -> int:
    from labkit.questions import load, slugs
    from labkit.questions.proofs import refuted

    wrong = 0
    for slug in slugs():
        for question in load(slug):
            if not question.proof:
                continue
            problem = refuted(question)
            print(problem or f"{question.id} proved.")
            wrong += bool(problem)
    return 1 if wrong else 0
