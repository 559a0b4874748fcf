"""Exercise 1: an application without a front page, and a load balancer that asks for one."""

from __future__ import annotations

from labkit.exercises.checks.beanstalk.scene import environment, running
from labkit.exercises.frame import Evidence, Incorrect, NotYet, Outcome, Passed
from labkit.runtime.beanstalk.environment import Environment
from labkit.runtime.beanstalk.options import HEALTH_PATH, HEALTH_URL, health_path

NAME, PATH = "seats", "/health"
CODE = """\
def application(environ, start_response):
    known = environ["PATH_INFO"] in ("/seats", "/health")
    start_response("200 OK" if known else "404 Not Found", [("Content-Type", "text/plain")])
    return [b"A1 A2 A3" if known else b"there is no such page"]
"""
GONE = 'It was terminated. `lab.begin("{}")` lays the start again.'


def lay() -> None:
    """The environment, with its first version, whose instances nobody finds well."""
    eb = running()
    eb.forget(NAME, *(f"{NAME}-{number}" for number in range(1, 10)))
    eb.create_version(f"{NAME}-1", {"application.py": CODE})
    options = {"aws:autoscaling:asg": {"MinSize": 2}}
    eb.create_environment(NAME, f"{NAME}-1", options=options, clients_ask=("/seats",))
    eb.wait(NAME)


def check(evidence: Evidence) -> Outcome:
    """The version that runs brings the path of the health check along, and all are well."""
    found = environment(evidence, NAME)
    if found is None:
        return Incorrect(f"`{NAME}` is gone.", "it is there.", GONE.format("health"))
    return (
        _another_application(found)
        or _set_directly(found)
        or _not_set(found)
        or _not_there_yet(found)
        or Passed(
            f"The load balancer asks for `{PATH}`, and every version that brings this file along "
            "says so itself, in whatever environment it is deployed to."
        )
    )


def _another_application(found: Environment) -> Outcome | None:
    if found.preview("/").status == 200:
        return Incorrect(
            "The application answers `/` now.",
            "the same application, asked for a page that it has.",
            "That would do, and is no answer to the question: what the load balancer asks for is a "
            "setting.",
        )
    return None


def _set_directly(found: Environment) -> Outcome | None:
    if not {HEALTH_PATH, HEALTH_URL} & found.own_options.keys():
        return None
    return Incorrect(
        "The path was set on the environment itself.",
        "it stands in the bundle, in a configuration file.",
        "It works, and stays behind with this environment: the next one that runs the version "
        'is red again. And while it is set here, no file can change it. `lab.begin("health")` '
        "lays the start afresh.",
    )


def _not_set(found: Environment) -> Outcome | None:
    bundle = found.version.bundle
    path = health_path(found.options)
    if bundle.unread:
        return Incorrect(
            f"`{bundle.unread[0]}` is in the bundle, and nobody reads it.",
            "a file `.ebextensions/NAME.config`, at the top of the bundle.",
            "Only that folder is looked for, at the top and nowhere else, and in it only files "
            "that end in `.config`. Everything else is a file like any other.",
        )
    if not {HEALTH_PATH, HEALTH_URL} & bundle.configuration.options.keys():
        return NotYet(
            f"Asked for `/`, every instance answers {found.preview('/').status}: the load balancer "
            "finds none of them well.",
            "Make a version whose bundle has a configuration file besides, and deploy it.",
        )
    if found.preview(path).status != 200:
        return Incorrect(
            f"The load balancer asks for `{path}`, and is answered {found.preview(path).status}.",
            f"it asks for `{PATH}`.",
            "A path starts with a slash, and has to be one that the application knows.",
        )
    return None


def _not_there_yet(found: Environment) -> Outcome | None:
    if found.status == "Ready" and found.health == "Ok":
        return None
    return NotYet(
        f"`{NAME}` is {found.status}, and its health is {found.health}.",
        f'Let it come to its end: `eb.wait("{NAME}")`.',
    )
