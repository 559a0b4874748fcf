"""Exercises: a starting state, a task, and checks of what AWS would see.

Each chapter with a lab has a module of its slug's name here, with its `EXERCISES` in the order
of the lab. A new module is found by its name; nothing has to be registered.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from labkit.errors import UnknownExercise, UnknownSlug, nearest

if TYPE_CHECKING:
    from labkit.exercises.frame import Exercise

_FRAMEWORK = {"checks", "desk", "frame", "ground", "progress", "show"}


def slugs() -> list[str]:
    """The slugs that have a lab, in alphabetical order."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if name not in _FRAMEWORK)


def load(slug: str) -> tuple[Exercise, ...]:
    """The exercises of a lab, in its order; UnknownSlug, with the nearest name, if none has it."""
    if slug not in slugs():
        suggestion = nearest(slug, slugs())
        raise UnknownSlug(
            f"There is no lab {slug!r}.",
            f"The labs are: {', '.join(slugs())}.",
            f'Did you mean labkit.start("{suggestion}")?' if suggestion else "",
        )
    exercises: tuple[Exercise, ...] = importlib.import_module(f"{__name__}.{slug}").EXERCISES
    return exercises


def find(slug: str, id: str) -> Exercise:
    """The exercise of that id; UnknownExercise, with the nearest id, if the lab has none."""
    exercises = load(slug)
    for exercise in exercises:
        if exercise.id == id:
            return exercise
    ids = [exercise.id for exercise in exercises]
    suggestion = nearest(id, ids)
    raise UnknownExercise(
        f"The {slug} lab has no exercise {id!r}.",
        f"Its exercises are: {', '.join(ids)}.",
        f"Did you mean {suggestion!r}?" if suggestion else "",
    )
