"""The functions of a sandbox, run: from moto's model of one to the outcome of an invocation."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from labkit.errors import NotSimulated
from labkit.fidelity.authorisation.people import session_for_service
from labkit.runtime.agenda import Agenda
from labkit.runtime.environments.environment import Environment, Host
from labkit.runtime.environments.inside import DRIVER, Inside
from labkit.runtime.environments.pool import Pool
from labkit.runtime.environments.spec import Spec
from labkit.runtime.outcome import Outcome
from labkit.sandbox import determinism

if TYPE_CHECKING:
    from labkit.runtime.gateway.front import Gateway
    from labkit.runtime.provisioned import Config
    from labkit.runtime.sources.poller import Poller
    from labkit.sandbox.sandbox import Sandbox

SERVICE = "lambda.amazonaws.com"


def driver() -> str:
    """What runs the handlers: `awslambdaric`, AWS's own, or `labkit`'s where it has no wheel.

    Where there are no processes, in a browser, this one does.
    """
    if sys.platform == "emscripten":
        return DRIVER
    return "awslambdaric" if importlib.util.find_spec("awslambdaric") else "labkit"


class Functions:
    """Runs the functions of one sandbox."""

    def __init__(self, sandbox: Sandbox, driven_by: str | None = None) -> None:
        self.sandbox = sandbox
        self.driver = driven_by or driver()
        self.pool = Pool(sandbox, self._start)
        self.agenda = Agenda(sandbox)
        self.provisioned: dict[str, Config] = {}  # by the ARN of the version or alias
        self.pollers: dict[str, Poller] = {}  # of the event source mappings, by UUID
        self.billed: list[tuple[int, int]] = []  # of each invocation: memory in MB, and ms

    @cached_property
    def gateway(self) -> Gateway:
        """What answers at the addresses of APIs and functions."""
        from labkit.runtime.gateway.front import Gateway

        return Gateway(self.sandbox)

    def run(self, function: Any, event: bytes, request_id: str = "", arn: str = "") -> Outcome:
        """Let a version of a function handle one event, and keep its log.

        `function` is moto's, `arn` what the caller asked for: with an alias, perhaps.
        """
        _refuse_other_languages(function)
        spec = spec_of(function)
        request_id = request_id or self.request_id()
        environment, _ = self.pool.take(spec)
        try:
            headers = {
                "Lambda-Runtime-Invoked-Function-Arn": arn or function.function_arn,
                "Lambda-Runtime-Trace-Id": _trace(request_id, self.sandbox.clock.now.timestamp()),
            }
            outcome = environment.invoke(request_id, event, headers)
        finally:
            self.pool.give_back(environment)
        self._log(function, environment)
        self.billed.append((spec.memory_mib, outcome.billed_ms))
        return outcome

    def request_id(self) -> str:
        """The id of an invocation."""
        from moto.moto_api._internal import mock_random

        with determinism.dispatching():
            return str(mock_random.uuid4())

    def _start(self, spec: Spec, host: Host, number: str) -> Environment:
        now = self.sandbox.clock.now
        identity = hashlib.sha256(f"{self.sandbox.seed}/{spec.arn}/{number}".encode()).hexdigest()
        stream = f"{now:%Y/%m/%d}/[{spec.version}]{identity[:32]}"
        make = Inside if self.driver == DRIVER else Environment
        return make(spec, host, self._variables(spec, stream), self.driver, stream)

    def _variables(self, spec: Spec, stream: str) -> dict[str, str]:
        """What a handler finds in its environment.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        """
        import os

        keys = session_for_service(spec.role, SERVICE, spec.name)
        return {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "en_US.UTF-8",
            "PYTHONUTF8": "1",
            "TZ": ":UTC",
            **spec.variables,
            "_HANDLER": spec.handler,
            "AWS_ACCESS_KEY_ID": keys.access_key,
            "AWS_SECRET_ACCESS_KEY": keys.secret_key,
            "AWS_SESSION_TOKEN": keys.token,
            "AWS_DEFAULT_REGION": spec.region,
            "AWS_REGION": spec.region,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mib),
            "AWS_LAMBDA_FUNCTION_NAME": spec.name,
            "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": (
                "provisioned-concurrency" if spec.provisioned else "on-demand"
            ),
            "AWS_LAMBDA_LOG_GROUP_NAME": spec.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": stream,
            # Of the sandbox: where its services answer, and that no other place is asked.
            "AWS_ENDPOINT_URL": "" if self.driver == DRIVER else self.sandbox.endpoint_url,
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _log(self, function: Any, environment: Environment) -> None:
        """Write the invocation's lines to CloudWatch Logs."""
        group, stream = function.logs_group_name, environment.stream
        backend = function.logs_backend
        with determinism.aside():
            backend.ensure_log_group(group)
            if stream not in backend.groups[group].streams:
                backend.create_log_stream(group, stream)
            backend.put_log_events(group, stream, log_events(environment.lines))


def _refuse_other_languages(function: Any) -> None:
    if not str(function.run_time).startswith("python"):
        raise NotSimulated(
            f"The sandbox cannot run {function.function_name}, whose runtime is "
            f"{function.run_time}.",
            "It runs functions of the Python runtimes only.",
            'Runtime="python3.13" makes one that it runs.',
        )


def log_events(lines: list[tuple[Any, str]]) -> list[dict[str, Any]]:
    """One event a line, each at its time; lines that belong together are parted by returns."""
    return [
        {"timestamp": round(at.timestamp() * 1000), "message": line.replace("\r", "\n") + "\n"}
        for at, text in lines
        for line in text.split("\n")
        if line
    ]


def spec_of(function: Any) -> Spec:
    """moto's function as its environments need to know it."""
    layers = tuple(_layer(function, layer["Arn"]) for layer in function.layers)
    variables = {str(key): str(value) for key, value in function.environment_vars.items()}
    version = str(function.version)
    told = (
        function.code_sha_256,
        function.handler,
        function.run_time,
        function.timeout,
        function.memory_size,
        sorted(variables.items()),
        [layer["Arn"] for layer in function.layers],
        function.role,
    )
    return Spec(
        arn=f"{_unqualified(function.function_arn)}:{version}",
        name=function.function_name,
        version=version,
        runtime=function.run_time,
        handler=function.handler,
        code=function.code_bytes,
        layers=layers,
        timeout_s=int(function.timeout),
        memory_mib=int(function.memory_size),
        variables=variables,
        role=function.role,
        region=function.region,
        log_group=function.logs_group_name,
        revision=hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest(),
    )


def _unqualified(arn: str) -> str:
    return ":".join(arn.split(":")[:7])


def _layer(function: Any, arn: str) -> bytes:
    from moto.awslambda.models import lambda_backends

    account, region = arn.split(":")[4], arn.split(":")[3]
    version: Any = lambda_backends[account][region].layers_versions_by_arn(arn)
    return bytes(version.code_bytes)


def _trace(request_id: str, seconds: float) -> str:
    digest = hashlib.sha256(request_id.encode()).hexdigest()
    root = f"1-{int(seconds):08x}-{digest[:24]}"
    return f"Root={root};Parent={digest[24:40]};Sampled=0"
