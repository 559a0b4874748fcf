"""The rules of a service are in force from the moment that moto loads the service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from keyword import iskeyword
from types import ModuleType
from typing import Any

from labkit.fidelity import registry
from labkit.fidelity.registry import When
from labkit.sandbox.choke import Answer, Exchange, Params
from labkit.sandbox.imports import watch
from labkit.sandbox.sandbox import Sandbox

# The services that have rules, and the module of moto that these rules reach into.
SERVICES = {
    "apigateway": "moto.apigateway.models",
    "apigatewayv2": "moto.apigatewayv2.models",
    "basics": "moto.core.responses",  # what concerns every service
    "autoscaling": "moto.autoscaling.models",
    "dynamodb": "moto.dynamodb.responses",
    "dynamodbstreams": "moto.dynamodbstreams.models",
    "ec2": "moto.ec2.models",
    "elasticbeanstalk": "moto.elasticbeanstalk.models",
    "events": "moto.events.models",
    "elbv2": "moto.elbv2.models",
    "iam": "moto.iam.models",
    "kinesis": "moto.kinesis.models",
    "kms": "moto.kms.models",
    "lambda": "moto.awslambda.models",
    "rds": "moto.rds.models",
    "route53": "moto.route53.models",
    "s3": "moto.s3.models",
    "ses": "moto.ses.models",
    "sesv2": "moto.sesv2.models",
    "sns": "moto.sns.models",
    "sqs": "moto.sqs.models",
    "ssm": "moto.ssm.models",
    "sts": "moto.sts.models",
}


def package_of(service: str) -> str:
    """The package that holds a service's rules; Python has words of its own."""
    return f"labkit.fidelity.{service}{'_' if iskeyword(service) else ''}"


class Rulebook:
    """A hook of the choke point that applies the registered rules to one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._rules: dict[tuple[When, str, str], list[Callable[..., Any]]] = defaultdict(list)
        self._taken: set[str] = set()

    def take_up(self, service: str) -> None:
        """Put the rules of `service` in force, until the sandbox closes."""
        package = import_module(package_of(service))  # which may take itself up when it is read
        if service in self._taken:
            return
        self._taken.add(service)
        for rule in registry.rules(service):
            for operation in rule.operations:
                self._rules[rule.when, service, operation].append(rule.function)
        if hasattr(package, "replace_models"):
            package.replace_models(self.sandbox)

    def before(self, exchange: Exchange) -> Answer | None:
        """Let each rule of the operation refuse; then let one answer in moto's stead."""
        for refuse in self._rules.get(("before", exchange.service, exchange.operation), ()):
            refuse(exchange)
        for apply in self._rules.get(("instead", exchange.service, exchange.operation), ()):
            answer: Answer | None = apply(exchange)
            if answer is not None:
                return answer
        return None

    def after(self, exchange: Exchange, result: Callable[[], Params]) -> Answer | None:
        """Let each rule of the operation better the answer."""
        applied = self._rules.get(("after", exchange.service, exchange.operation))
        if not applied:
            return None
        answer, better = result(), None
        for apply in applied:
            better = apply(exchange, better or answer) or better
        return better


_in_force: list[Rulebook] = []
_loaded: list[str] = []
_being_read: set[str] = set()  # the services whose packages are not complete yet


def install(sandbox: Sandbox) -> None:
    """Put every rule in force in `sandbox`; it ends with the sandbox."""
    book = Rulebook(sandbox)
    sandbox.choke.hooks.append(book)
    _in_force[:] = [book]
    sandbox.on_close(_in_force.clear)
    for service in _loaded:
        book.take_up(service)


def _taking_up(service: str) -> Callable[[ModuleType], Any]:
    @contextmanager
    def loading(module: ModuleType) -> Iterator[None]:
        yield
        if module.__name__ != SERVICES[service]:
            return  # a part of the package, which is not complete yet
        _loaded.append(service)
        if service in _being_read:
            return  # the package itself loads moto, as when its ledger is asked for first
        for book in _in_force:
            book.take_up(service)

    return loading


def _reading(service: str) -> Callable[[ModuleType], Any]:
    @contextmanager
    def reading(module: ModuleType) -> Iterator[None]:
        if module.__name__ != package_of(service):
            yield
            return
        _being_read.add(service)
        try:
            yield
        finally:
            _being_read.discard(service)
        if service in _loaded:
            for book in _in_force:
                book.take_up(service)

    return reading


for _service, _module in SERVICES.items():
    watch(_module, _taking_up(_service))
    watch(package_of(_service), _reading(_service))
