"""The five exercises of the lab on versions and concurrency: laid, asked, hinted, solved."""

from __future__ import annotations

from labkit.exercises.checks.lambda_versions import canary, doors, places, publish, rollback
from labkit.exercises.checks.lambda_versions.deploying import lay_function
from labkit.exercises.frame import Exercise, MakeClient


def _lay_publish(client: MakeClient) -> None:
    lay_function(client, publish.NAME, publish.OLD)


PUBLISH = Exercise(
    id="publish",
    title="A release that stays",
    task=(
        f"The code of `new_seats` is in a numbered version of `{publish.NAME}`, and version 1 "
        "still holds the code that it held."
    ),
    given=f"the function `{publish.NAME}`, whose version 1 is published",
    lay=_lay_publish,
    check=publish.check,
    hints=(
        "Two things happened to `price` in the example above, one after the other. Which call "
        "brought the code, and which one gave it a number?",
        "`update_function_code` changes `$LATEST`, `publish_version` makes a version of it. One "
        "argument of the first call saves the second.",
        '`lam.update_function_code(FunctionName="seats", ZipFile=package(new_seats), '
        "Publish=True)`.",
    ),
    solution="""\
new_seats = '''
def handler(event, context):
    return {"row": "A", "seat": 1, "view": "stage left"}
'''.lstrip()
released = lam.update_function_code(
    FunctionName="seats", ZipFile=package(new_seats), Publish=True
)
print("version", released["Version"])
""",
    claims=("lamv-upload", "lamv-multiple", "lamv-latest"),
)


def _lay_canary(client: MakeClient) -> None:
    lam = lay_function(client, canary.NAME, canary.OLD, canary.NEW)
    lam.create_alias(FunctionName=canary.NAME, Name=canary.ALIAS, FunctionVersion="1")


CANARY = Exercise(
    id="canary",
    title="One call in five",
    task=(
        f"The alias `{canary.ALIAS}` of `{canary.NAME}` leads to version 1 and sends a fifth of "
        f"its calls to version 2; it has been called {canary.CALLS} times since."
    ),
    given=f"the function `{canary.NAME}` with versions 1 and 2; its alias `{canary.ALIAS}` on 1",
    lay=_lay_canary,
    check=canary.check,
    hints=(
        "Which of the two versions does the alias name, and which one stands beside it with a "
        "weight?",
        '`update_alias` takes `RoutingConfig={"AdditionalVersionWeights": {...}}`: the new '
        "version as text, its share from 0 to 1. Calls count only if they name the alias.",
        '`lam.update_alias(FunctionName="fees", Name="live", '
        'RoutingConfig={"AdditionalVersionWeights": {"2": 0.2}})`, then '
        '`versions_of("fees", "live", 40)`.',
    ),
    solution="""\
lam.update_alias(
    FunctionName="fees",
    Name="live",
    RoutingConfig={"AdditionalVersionWeights": {"2": 0.2}},
)
print(Counter(versions_of("fees", "live", 40)))
""",
    claims=("lamv-weights", "lamv-alias", "lamv-alias-update"),
)


def _lay_rollback(client: MakeClient) -> None:
    lam = lay_function(client, rollback.NAME, rollback.OLD, rollback.NEW)
    lam.create_alias(
        FunctionName=rollback.NAME,
        Name=rollback.ALIAS,
        FunctionVersion="2",
        RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}},
    )


ROLLBACK = Exercise(
    id="rollback",
    title="Half of the refunds fail",
    task=(
        f"Every call through `{rollback.ALIAS}` of `{rollback.NAME}` succeeds again, the last "
        f"{rollback.CALLS} of yours included; nothing was uploaded, and the alias names the "
        "version that works."
    ),
    given=(
        f"the function `{rollback.NAME}` with versions 1 and 2; its alias `{rollback.ALIAS}`, "
        "halfway through a release"
    ),
    lay=_lay_rollback,
    check=rollback.check,
    hints=(
        "Which version fails? Ask each by its number, then ask `get_alias` where the calls go.",
        "An alias has two settings, `FunctionVersion` and `RoutingConfig`, and `update_alias` "
        "leaves alone what it is not given. Which one does each have to become?",
        '`lam.update_alias(FunctionName="refunds", Name="live", FunctionVersion="1", '
        'RoutingConfig={"AdditionalVersionWeights": {}})`, then call it five times.',
    ),
    solution="""\
for version in ("1", "2"):
    print("version", version, refund(version))
lam.update_alias(
    FunctionName="refunds",
    Name="live",
    FunctionVersion="1",
    RoutingConfig={"AdditionalVersionWeights": {}},
)
print(Counter(refund("live") for _ in range(20)))
""",
    claims=("lamv-alias-update", "lamv-alias", "lamv-weights"),
)


def _lay_places(client: MakeClient) -> None:
    for name in (places.CHECKOUT, places.REPORTS):
        lay_function(client, name, places.CODE)


PLACES = Exercise(
    id="places",
    title="Room for those who pay",
    task=(
        f"`{places.CHECKOUT}` always has room for {places.RATE_PER_S} requests a second of "
        f"{places.DURATION_MS} ms each, and no more is taken from the others; `{places.REPORTS}` "
        f"never handles more than {places.MOST_REPORTS} events at once."
    ),
    given=f"the functions `{places.CHECKOUT}` and `{places.REPORTS}`, nothing reserved",
    lay=_lay_places,
    check=places.check,
    hints=(
        "How many requests are being handled at one moment, if 400 come each second and each "
        "leaves after half a second?",
        "One setting does both: what it keeps free for a function is also the most that the "
        "function can have.",
        '`lam.put_function_concurrency(FunctionName="checkout", '
        "ReservedConcurrentExecutions=...)`, rate × duration; and the same for `reports`.",
    ),
    solution="""\
needed = int(400 * 0.5)  # requests a second × seconds
lam.put_function_concurrency(FunctionName="checkout", ReservedConcurrentExecutions=needed)
lam.put_function_concurrency(FunctionName="reports", ReservedConcurrentExecutions=50)
print(left_for_others(), "left for the others")
""",
    claims=("lamc-reserved", "lamc-reserved-cap", "lamc-limit"),
)


def _lay_doors(client: MakeClient) -> None:
    lam = lay_function(client, doors.NAME, doors.OLD, doors.NEW)
    lam.create_alias(FunctionName=doors.NAME, Name=doors.ALIAS, FunctionVersion="2")


DOORS = Exercise(
    id="doors",
    title="The first visitor of the morning",
    task=(
        f"An environment stands ready for whoever calls `{doors.ALIAS}` of `{doors.NAME}`, and "
        "your last call met it."
    ),
    given=(
        f"the function `{doors.NAME}` with versions 1 and 2, slow to start; its alias "
        f"`{doors.ALIAS}` on version 2"
    ),
    lay=_lay_doors,
    check=doors.check,
    hints=(
        "One kind of concurrency keeps a number free, the other starts environments. Which wait "
        "do you want to be rid of?",
        "`put_provisioned_concurrency_config` wants a `Qualifier`. Take the name that the "
        "visitors call; then the environments need a minute or two.",
        '`lam.put_provisioned_concurrency_config(FunctionName="preview", Qualifier="live", '
        "ProvisionedConcurrentExecutions=1)`, `lab.clock.advance(minutes=2)`, "
        '`start_of("preview", "live")`.',
    ),
    solution="""\
lam.put_provisioned_concurrency_config(
    FunctionName="preview", Qualifier="live", ProvisionedConcurrentExecutions=1
)
print(lab.clock.advance(minutes=2))
print(start_of("preview", "live"))
""",
    claims=("lamc-provisioned", "lamc-reserved"),
)

EXERCISES = (PUBLISH, CANARY, ROLLBACK, PLACES, DOORS)
