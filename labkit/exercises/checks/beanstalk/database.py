"""Exercise 5: a database that outlives the environment, and an application that finds it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from labkit.exercises.checks.beanstalk.scene import environment, running
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed
from labkit.runtime.beanstalk.environment import Environment
from labkit.runtime.beanstalk.options import DATABASE, PROPERTIES, value_of

NAME, INSTANCE, KEY = "ledger", "shop-orders", "RDS_HOSTNAME"
CODE = """\
import os

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ.get("RDS_HOSTNAME", "no database").encode()]
"""


def lay(client: MakeClient) -> None:
    """A database outside, and an environment that does not know of it."""
    rds, eb = client("rds"), running()
    with suppress(rds.exceptions.DBInstanceNotFoundFault):
        rds.delete_db_instance(DBInstanceIdentifier=INSTANCE, SkipFinalSnapshot=True)
        rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier=INSTANCE)
    rds.create_db_instance(
        DBInstanceIdentifier=INSTANCE,
        DBName="orders",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="romeo-and-juliet",
    )
    eb.forget(NAME, *(f"{NAME}-{number}" for number in range(1, 10)))
    eb.create_version(f"{NAME}-1", {"application.py": CODE})
    eb.create_environment(NAME, f"{NAME}-1")
    eb.wait(NAME)


def check(evidence: Evidence) -> Outcome:
    """The application says the address of the database, which belongs to no environment."""
    address = _address(evidence.client("rds"))
    found = environment(evidence, NAME)
    if found is None:
        return Incorrect(
            f"`{NAME}` is gone.", "it is there.", '`lab.begin("database")` lays the start again.'
        )
    if value_of(found.options, DATABASE, "HasCoupledDatabase").lower() == "true":
        return Incorrect(
            f"`{NAME}` has a database of its own now.",
            f"it uses `{INSTANCE}`.",
            "A coupled database ends with its environment, or needs its policy to survive; and it "
            'is not where your orders are. `lab.begin("database")` lays the start afresh.',
        )
    return _unset(found) or _wrong(found, address) or _not_there_yet(found)


def _said(found: Environment) -> str:
    return found.preview("/").body.decode()


def _unset(found: Environment) -> Outcome | None:
    if (PROPERTIES, KEY) in found.options or _said(found) != "no database":
        return None
    others = [name for space, name in found.options if space == PROPERTIES]
    if others:
        return Incorrect(
            f"The environment has the property `{others[0]}`.",
            f"`{KEY}`.",
            "That is the name under which the application looks; Beanstalk itself uses it for a "
            "coupled database, so that the same code does for both.",
        )
    return NotYet(
        "The application finds no database.",
        f"Read the address of `{INSTANCE}` from RDS, and set it as an environment property.",
    )


def _wrong(found: Environment, address: str) -> Outcome | None:
    said = _said(found)
    if (PROPERTIES, KEY) not in found.own_options:
        return Incorrect(
            f"The application says {said!r}, from its bundle.",
            "a property that is set on the environment.",
            "An address in the bundle is the same in test and production, and so would be the "
            "database.",
        )
    if said != address:
        return Incorrect(
            f"The application says {said!r}.",
            f"{address!r}.",
            "`describe_db_instances` tells it, under `Endpoint`.",
        )
    return None


def _not_there_yet(found: Environment) -> Outcome:
    if found.status != "Ready":
        return NotYet(f"`{NAME}` is {found.status}.", f'Wait for it: `eb.wait("{NAME}")`.')
    return Passed(
        "The database has its own life: environments come, go, are swapped and cloned beside it. "
        "What is still missing on AWS is the security group that lets their instances in."
    )


def _address(rds: Any) -> str:
    [found] = rds.describe_db_instances(DBInstanceIdentifier=INSTANCE)["DBInstances"]
    return str(found["Endpoint"]["Address"])
