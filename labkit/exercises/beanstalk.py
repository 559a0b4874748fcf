"""The five exercises of the lab on Elastic Beanstalk: laid, asked, hinted, solved."""

from __future__ import annotations

from labkit.exercises.checks.beanstalk import database, health, mixed, safe, swap
from labkit.exercises.frame import Exercise, MakeClient


def _lay_health(client: MakeClient) -> None:
    health.lay()


HEALTH = Exercise(
    id="health",
    title="An application without a front page",
    task=(
        f"The environment `{health.NAME}` is Ready and Ok with the same application, since its "
        "bundle says what the load balancer is to ask for."
    ),
    given=f"the environment `{health.NAME}`, Severe, and its code in the version `seats-1`",
    lay=_lay_health,
    check=health.check,
    hints=(
        "Which page does the load balancer ask for by default, and what does the application "
        "answer there? Which page would it answer?",
        "The option is `Application Healthcheck URL` in the namespace "
        "`aws:elasticbeanstalk:application`. It goes into a file that ends in `.config`, in the "
        "folder `.ebextensions` at the top of the bundle.",
        '`eb.create_version("seats-2", {"application.py": SEATS, ".ebextensions/health.config": '
        '"option_settings:\\n  ..."})`, then deploy it and wait.',
    ),
    solution='''\
asks = """
option_settings:
  aws:elasticbeanstalk:application:
    Application Healthcheck URL: /health
"""
eb.create_version("seats-2", {"application.py": SEATS, ".ebextensions/health.config": asks})
eb.deploy("seats", "seats-2")
print(eb.wait("seats"))
''',
    claims=("eb-healthcheck-example", "eb-ebextensions", "eb-ebextensions-root"),
)


def _lay_mixed(client: MakeClient) -> None:
    mixed.lay()


MIXED = Exercise(
    id="mixed",
    title="Half way, and broken",
    task=(
        f"Every instance of `{mixed.NAME}` runs `{mixed.OLD}` again, and two instances were in "
        "service all the time."
    ),
    given=f"the environment `{mixed.NAME}`, where a rolling deployment of `{mixed.NEW}` stopped",
    lay=_lay_mixed,
    check=mixed.check,
    hints=(
        "Look at the instances and the events. What has Beanstalk done since the deployment "
        "failed?",
        "There is no call that goes back. There is one that brings a version onto a fleet, by the "
        "policy that is set.",
        '`eb.deploy("orders", "orders-1")`, then `eb.wait("orders")`.',
    ),
    solution="""\
eb.deploy("orders", "orders-1")
print(eb.wait("orders"))
""",
    claims=("eb-deploy-rolling", "eb-deploy-rolling-use"),
)


def _lay_safe(client: MakeClient) -> None:
    safe.lay()


SAFE = Exercise(
    id="safe",
    title="A version that nobody trusts",
    task=(
        f"`{safe.NEW}` was deployed to `{safe.NAME}`, no more than a tenth of the requests ever "
        "met it, all four instances stayed in service, and Beanstalk took it back by itself."
    ),
    given=f"the environment `{safe.NAME}`, and the version `{safe.NEW}`, which is broken",
    lay=_lay_safe,
    check=safe.check,
    hints=(
        "Two policies leave the old instances alone. What share of the requests does the first "
        "new instance get with each?",
        "Options are set with `eb.configure`. The policy is in the namespace "
        "`aws:elasticbeanstalk:command`, its share in `aws:elasticbeanstalk:trafficsplitting`.",
        '`eb.configure("refunds", {"aws:elasticbeanstalk:command": {"DeploymentPolicy": '
        '"TrafficSplitting"}})`; the share is a tenth by default.',
    ),
    solution="""\
splitting = {"aws:elasticbeanstalk:command": {"DeploymentPolicy": "TrafficSplitting"}}
eb.configure("refunds", splitting)
eb.wait("refunds")
eb.deploy("refunds", "refunds-2")
eb.wait("refunds")
print(eb["refunds"].deployments[-1])
""",
    claims=("eb-deploy-traffic", "eb-deploy-traffic-finish", "eb-deploy-immutable"),
)


def _lay_swap(client: MakeClient) -> None:
    swap.lay()


SWAP = Exercise(
    id="swap",
    title="The name moves, the code stays",
    task=(
        f"`http://{swap.HOST}` is answered by `{swap.NEW}`, from the environment `{swap.GREEN}`, "
        f"and `{swap.NAME}` still runs `{swap.OLD}`."
    ),
    given=f"the environment `{swap.NAME}`, and the version `{swap.NEW}`",
    lay=_lay_swap,
    check=swap.check,
    hints=(
        "Nothing is to be deployed to the environment that your users meet. Where else?",
        "A second environment has an address of its own, where you can try it. When it is Ready, "
        "the two can have each other's.",
        '`eb.create_environment("posters-green", "posters-2")`, wait, then '
        '`eb.swap("posters", "posters-green")`.',
    ),
    solution="""\
eb.create_environment("posters-green", "posters-2")
eb.wait("posters-green")
print(eb.swap("posters", "posters-green"))
""",
    claims=("eb-swap",),
)

DATABASE = Exercise(
    id="database",
    title="A database with a life of its own",
    task=(
        f"The application in `{database.NAME}` uses the database `{database.INSTANCE}`, which "
        "belongs to no environment: it reads the address from an environment property."
    ),
    given=f"the database `{database.INSTANCE}` in RDS, and the environment `{database.NAME}`",
    lay=database.lay,
    check=database.check,
    hints=(
        "What does the application answer now, and where does its code look?",
        "Environment properties are options in the namespace "
        "`aws:elasticbeanstalk:application:environment`. The address is RDS's to tell.",
        '`rds.describe_db_instances(DBInstanceIdentifier="shop-orders")` has it under `Endpoint`; '
        '`eb.configure("ledger", {...})` sets it.',
    ),
    solution="""\
[orders] = rds.describe_db_instances(DBInstanceIdentifier="shop-orders")["DBInstances"]
address = orders["Endpoint"]["Address"]
properties = {"aws:elasticbeanstalk:application:environment": {"RDS_HOSTNAME": address}}
eb.configure("ledger", properties)
print(eb.wait("ledger"))
""",
    claims=("eb-rds-inside", "eb-rds-outside", "eb-rds-outside-steps"),
)

EXERCISES = (HEALTH, MIXED, SAFE, SWAP, DATABASE)
