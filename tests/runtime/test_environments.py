"""A function runs as on AWS: cold, warm, in its own time, with AWS's words when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from moto.awslambda.models import lambda_backends

from labkit import runtime
from labkit.facts import fact
from labkit.runtime.functions import Functions
from labkit.runtime.outcome import Outcome
from labkit.sandbox import Sandbox
from tests.runtime.conftest import TRUST, package

Run = Callable[..., Outcome]

COUNTS = """
    seen = 0
    def handler(event, context):
        global seen
        seen += 1
        print("got", event)
        return {"seen": seen, "event": event}
"""


def test_a_handler_gets_the_event_and_its_answer_goes_back(run: Run) -> None:
    outcome = run(COUNTS, {"seat": "Zürich 12"})

    assert outcome.json() == {"seen": 1, "event": {"seat": "Zürich 12"}}
    assert outcome.error is None


def test_a_warm_environment_keeps_what_the_module_holds(run: Run) -> None:
    first, second = run(COUNTS), run(COUNTS)

    assert (first.json()["seen"], second.json()["seen"]) == (1, 2)
    assert first.init_ms is not None
    assert second.init_ms is None


def test_an_environment_that_has_waited_too_long_is_cold_again(run: Run, sandbox: Sandbox) -> None:
    run(COUNTS)
    sandbox.clock.advance(minutes=11)

    assert run(COUNTS).json()["seen"] == 1


def test_the_log_begins_and_ends_as_lambda_writes_it(run: Run) -> None:
    outcome = run(COUNTS, 7)

    start, printed, end, report = outcome.log.splitlines()
    assert start == f"START RequestId: {outcome.request_id} Version: $LATEST"
    assert printed == "got 7"
    assert end == f"END RequestId: {outcome.request_id}"
    assert report.split("\t") == [
        f"REPORT RequestId: {outcome.request_id}",
        "Duration: 1.00 ms",
        "Billed Duration: 2 ms",
        "Memory Size: 128 MB",
        "Max Memory Used: 64 MB",
        "Init Duration: 1.00 ms",
        "",
    ]


PART_BY_PART = """
    import os
    def handler(event, context):
        os.write(1, "TICKET \u20ac".encode()[:-1])
        sum(range(20_000_000))  # so long that somebody reads meanwhile
        os.write(1, "\u20ac A1\\n".encode()[2:])
"""


@pytest.mark.needs_a_process
def test_a_line_that_comes_in_parts_is_one_line(run: Run, sandbox: Sandbox) -> None:
    run(PART_BY_PART)
    logs = sandbox.client("logs")

    events = logs.filter_log_events(logGroupName="/aws/lambda/worker-0")["events"]

    assert events[1]["message"] == "TICKET \u20ac A1\n"


def test_the_log_goes_to_cloudwatch_logs(run: Run, sandbox: Sandbox) -> None:
    run(COUNTS, 7)
    logs = sandbox.client("logs")
    group = {"logGroupName": "/aws/lambda/worker-0"}

    stream = logs.describe_log_streams(**group)["logStreams"][0]["logStreamName"]

    assert stream.startswith("2026/01/05/[$LATEST]")
    events = logs.get_log_events(**group, logStreamName=stream)["events"]
    assert [event["message"] for event in events][1] == "got 7\n"


# ---- time ----

SLEEPS = """
    import asyncio, datetime, time
    def handler(event, context):
        began = time.time()
        time.sleep(2)
        asyncio.run(asyncio.sleep(0.5))
        return [
            time.time() - began,
            datetime.datetime.now().isoformat(),
            context.get_remaining_time_in_millis(),
        ]
"""


def test_a_handler_that_sleeps_moves_the_clock_of_the_sandbox(run: Run, sandbox: Sandbox) -> None:
    before = sandbox.clock.now

    outcome = run(SLEEPS, Timeout=10)

    assert outcome.json() == [2.5, "2026-01-05T09:00:02.500000", 7500]
    assert sandbox.clock.now - before == timedelta(seconds=2.5)
    assert outcome.duration_ms == 2501


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("def handler(e, c):\n  import time; time.sleep(60)", id="sleeps"),
        pytest.param(
            "def handler(e, c):\n  while True: pass",
            id="spins",
            marks=pytest.mark.needs_a_process,
        ),
    ],
)
def test_a_handler_that_passes_its_timeout_is_stopped(
    run: Run, sandbox: Sandbox, code: str
) -> None:
    before = sandbox.clock.now

    outcome = run(code, Timeout=4)

    assert outcome.json() == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {outcome.request_id} Error: Task timed out after 4.00 seconds",
    }
    assert outcome.error == "Unhandled"
    assert f"{outcome.request_id} Task timed out after 4.00 seconds\n" in outcome.log
    assert "\tStatus: timeout\t" in outcome.log
    assert sandbox.clock.now - before == timedelta(seconds=4)


def test_after_a_timeout_the_environment_is_a_new_one(run: Run) -> None:
    code = """
        import time
        seen = 0
        def handler(event, context):
            global seen
            seen += 1
            time.sleep(event)
            return seen
    """
    run(code, 0)
    run(code, 60)

    assert run(code, 0).json() == 1


# ---- failures ----


def test_what_a_handler_raises_is_the_payload(run: Run) -> None:
    outcome = run('def handler(event, context):\n    raise ValueError("no seat")\n')

    assert outcome.error == "Unhandled"
    assert outcome.json() == {
        "errorMessage": "no seat",
        "errorType": "ValueError",
        "requestId": outcome.request_id,
        "stackTrace": [
            '  File "/var/task/app.py", line 2, in handler\n    raise ValueError("no seat")\n'
        ],
    }
    assert "[ERROR] ValueError: no seat\rTraceback (most recent call last):" in outcome.log


def test_a_module_that_raises_while_it_is_loaded_is_told_without_a_request(run: Run) -> None:
    outcome = run('raise Exception("Runtime startup fails")')

    assert outcome.json()["errorMessage"] == "Runtime startup fails"
    assert outcome.json()["errorType"] == "Exception"
    assert outcome.json()["requestId"] == ""
    assert outcome.json()["stackTrace"][-1].startswith('  File "/var/task/app.py", line 1, in <mod')


FAULTS = {
    "no such function": (
        "x = 1",
        "app.handler",
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'app'",
    ),
    "no such file": (
        "x = 1",
        "main.handler",
        "Runtime.ImportModuleError",
        "Unable to import module 'main': No module named 'main'",
    ),
    "no dot": (
        "x = 1",
        "handler",
        "Runtime.MalformedHandlerName",
        "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
    ),
    "built in": (
        "x = 1",
        "sys.exit",
        "Runtime.BuiltInModuleConflict",
        "Cannot use built-in module sys as a handler module",
    ),
    "no Python": (
        "def handler(event, context)\n",
        "app.handler",
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'app': expected ':' (app.py, line 1)",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_code_that_cannot_be_loaded_is_named(run: Run, case: str) -> None:
    code, handler, kind, sentence = FAULTS[case]

    outcome = run(code, Handler=handler)

    assert outcome.json()["errorType"] == kind
    assert outcome.json()["errorMessage"] == sentence


def test_a_handler_of_the_wrong_arity_is_python_s_own_error(run: Run) -> None:
    outcome = run("def handler(event):\n    return 1\n")

    assert outcome.json()["errorType"] == "TypeError"
    assert outcome.json()["errorMessage"].startswith("handler() takes 1 positional argument but 2")


def test_an_answer_that_cannot_be_json_is_refused(run: Run) -> None:
    outcome = run("def handler(event, context):\n    return {1, 2}\n")

    assert outcome.json()["errorType"] == "Runtime.MarshalError"
    assert outcome.json()["errorMessage"] == (
        "Unable to marshal response: Object of type set is not JSON serializable"
    )


def test_an_answer_that_is_too_large_is_refused(run: Run) -> None:
    most = int(fact("lambda.response_max_bytes"))

    assert run(f"def handler(event, context):\n    return 'x' * {most - 2}\n").error is None
    outcome = run(f"def handler(event, context):\n    return 'x' * {most - 1}\n")

    assert outcome.json()["errorType"] == "Function.ResponseSizeTooLarge"
    assert outcome.json()["errorMessage"] == (
        f"Response payload size exceeded maximum allowed payload size ({most} bytes)."
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import sys; sys.exit(0)", "Runtime exited without providing a reason"),
        ("import sys; sys.exit(3)", "Runtime exited with error: exit status 3"),
        pytest.param(
            "import os; os._exit(1)",
            "Runtime exited with error: exit status 1",
            marks=pytest.mark.needs_a_process,
        ),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), 9)",
            "Runtime exited with error: signal: killed",
            marks=pytest.mark.needs_a_process,
        ),
    ],
    ids=["quits", "gives a status", "crashes", "is killed"],
)
def test_a_process_that_ends_is_a_failure(run: Run, code: str, sentence: str) -> None:
    outcome = run(f"def handler(event, context):\n    {code}\n")

    assert outcome.json() == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {outcome.request_id} Error: {sentence}",
    }


@pytest.mark.needs_a_process
def test_a_function_that_takes_more_memory_than_it_has_is_killed(run: Run) -> None:
    outcome = run(
        "def handler(event, context):\n    x = b'x' * 400_000_000\n    while True: pass\n"
    )

    assert outcome.json()["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert "Max Memory Used: 128 MB" in outcome.log


# ---- what a handler finds ----


def test_a_handler_finds_what_lambda_puts_there(run: Run) -> None:
    code = """
        import os
        def handler(event, context):
            names = ["STAGE", "AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "_HANDLER", "TZ"]
            found = [os.environ[name] for name in names]
            strange = [name for name in os.environ if name.startswith("LABKIT_")]
            return [*found, context.function_name, context.memory_limit_in_mb, strange]
    """

    outcome = run(code, Environment={"Variables": {"STAGE": "test"}}, MemorySize=256)

    assert outcome.json()[:5] == ["test", "us-east-1", "worker-0", "app.handler", ":UTC"]
    assert outcome.json()[5:7] == ["worker-0", "256"]
    assert outcome.json()[7] in ([], ["LABKIT_GUARD"])


@pytest.mark.needs_a_process
def test_tmp_is_a_folder_of_the_environment_s_own(run: Run, sandbox: Sandbox) -> None:
    code = """
        import os, pathlib
        def handler(event, context):
            with open("/tmp/seen.txt", "a") as file:
                file.write("x")
            os.makedirs("/tmp/deep/down", exist_ok=True)
            return [sorted(os.listdir("/tmp")), pathlib.Path("/tmp/seen.txt").read_text()]
    """

    assert run(code).json() == [["deep", "seen.txt"], "x"]
    assert run(code).json() == [["deep", "seen.txt"], "xx"]
    sandbox.clock.advance(minutes=11)
    assert run(code).json() == [["deep", "seen.txt"], "x"]


def test_a_layer_s_modules_can_be_imported(run: Run, sandbox: Sandbox) -> None:
    layer = sandbox.client("lambda").publish_layer_version(
        LayerName="seats",
        Content={"ZipFile": package("ROWS = 20", "python/seats.py")},
        CompatibleRuntimes=["python3.13"],
    )

    outcome = run(
        "import seats\ndef handler(event, context):\n    return seats.ROWS\n",
        Layers=[layer["LayerVersionArn"]],
    )

    assert outcome.json() == 20


def test_a_handler_s_calls_reach_the_sandbox_in_its_role(run: Run, sandbox: Sandbox) -> None:
    sandbox.client("sqs").create_queue(QueueName="orders")
    code = """
        import boto3
        def handler(event, context):
            queues = boto3.client("sqs").list_queues()["QueueUrls"]
            return [boto3.client("sts").get_caller_identity()["Arn"], len(queues)]
    """

    outcome = run(code, Timeout=30)

    assert outcome.json() == ["arn:aws:sts::123456789012:assumed-role/worker/worker-0", 1]


def test_a_handler_reaches_no_other_host(run: Run) -> None:
    code = """
        import urllib.request
        def handler(event, context):
            try:
                urllib.request.urlopen("http://tickets.example")
            except BaseException as refused:
                return type(refused).__name__
    """

    assert run(code).json() == "NetworkRefused"


@pytest.mark.needs_a_process
def test_nothing_tells_where_this_machine_keeps_things(run: Run, sandbox: Sandbox) -> None:
    code = """
        import os, tempfile
        def handler(event, context):
            print(os.getcwd(), __file__, tempfile.mkdtemp())
            return json.dumps(os.getcwd())
    """

    outcome = run(code)

    text = outcome.log + outcome.payload.decode()
    assert "/var/task /var/task/app.py /tmp/tmp" in text
    assert "labkit-lambda" not in text


DRAWS = """
    import random, secrets, uuid
    def handler(event, context):
        return [str(uuid.uuid4()), random.random(), secrets.token_hex(4)]
"""


def in_a_sandbox_of_its_own(code: str) -> tuple[Sandbox, Outcome]:
    """A sandbox with one function, and what came of one event."""
    sandbox = runtime.open_sandbox("tests")
    made = sandbox.client("iam").create_role(
        RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    sandbox.client("lambda").create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Handler="app.handler",
        Role=made["Role"]["Arn"],
        Code={"ZipFile": package(code)},
    )
    function = lambda_backends["123456789012"]["us-east-1"].get_function("worker")
    return sandbox, Functions(sandbox).run(function, b"{}")


def a_draw() -> Outcome:
    """What a function draws by chance."""
    sandbox, outcome = in_a_sandbox_of_its_own(DRAWS)
    sandbox.close()
    return outcome


def test_what_is_drawn_by_chance_is_the_same_in_every_run() -> None:
    assert a_draw() == a_draw()


# ---- the end ----

TELLS_ITS_PROCESS = """
    import os
    def handler(event, context):
        return os.getpid()
"""


def processes_of(folder: str) -> list[int]:
    """The processes that run in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if os.readlink(entry / "cwd").startswith(folder):
                    found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux tells where a process runs")
def test_a_killed_kernel_leaves_no_process_behind() -> None:
    program = """
import os, signal
from tests.runtime.test_environments import folder_of_a_warm_function
print(folder_of_a_warm_function(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    folder = done.stdout.strip()
    assert folder.endswith("task-" + folder[-16:]), done.stderr
    until = time.monotonic() + 10
    while processes_of(folder) and time.monotonic() < until:
        pass
    assert processes_of(folder) == []


def folder_of_a_warm_function() -> str:
    """Starts a function and tells the folder of its process, which goes on waiting."""
    _, outcome = in_a_sandbox_of_its_own(TELLS_ITS_PROCESS)
    return os.readlink(f"/proc/{outcome.json()}/cwd")


@pytest.mark.needs_a_process
def test_a_closed_sandbox_leaves_no_process_behind(run: Run, sandbox: Sandbox) -> None:
    outcome = run(TELLS_ITS_PROCESS)
    sandbox.close()

    with pytest.raises(ProcessLookupError):
        os.kill(outcome.json(), 0)


def test_libraries_under_the_real_tmp_are_found(tmp_path: Path) -> None:
    """As where the clone of the book lies in a folder of `/tmp`."""
    program = f"""
import os
from labkit.runtime.child import scratch
os.makedirs("{tmp_path}/own/tmp-1")
open("{tmp_path}/data.json", "w").write("here")
scratch.install("{tmp_path}/own/tmp-1", ("{tmp_path}",))
print(open("{tmp_path}/data.json").read(), os.path.exists("/tmp/data.json"))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == ["here", "False"], done.stderr
