"""Which version of which function an invocation means: by name, ARN, version, alias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.sandbox import determinism

LATEST = "$LATEST"


@dataclass(frozen=True)
class Target:
    """A version of a function, as somebody asked for it.

    `function` is moto's, of that version; `arn` carries the qualifier that was asked for.
    """

    function: Any
    arn: str
    qualifier: str = ""

    @property
    def name(self) -> str:
        """The function's name."""
        return str(self.function.function_name)

    @property
    def version(self) -> str:
        """The version that is run: a number, or $LATEST."""
        return str(self.function.version)

    @property
    def qualified_arn(self) -> str:
        """The ARN with the qualifier, `$LATEST` if nothing else was asked for."""
        return self.arn if self.qualifier else f"{self.arn}:{LATEST}"


def find(account: str, region: str, name: str, qualifier: str | None = None) -> Target:
    """The version to run; an alias that splits its traffic is drawn for.

    `name` is a name, a partial ARN or an ARN, with or without a qualifier. moto's
    ResourceNotFoundException where there is none.
    """
    from moto.awslambda.models import lambda_backends

    if name.startswith("arn:"):
        _, _, _, region, account, _ = name.split(":", 5)
    name, inside = _parts(name)
    qualifier = inside or qualifier or ""
    backend = lambda_backends[account][region]
    function = backend.get_function(name, qualifier or None)
    alias = _alias(backend, name, qualifier)
    if alias is not None:
        version = _drawn(alias)
        if version != str(function.version):
            function = backend.get_function(name, version)
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return Target(function, f"{arn}:{qualifier}" if qualifier else arn, qualifier)


def _parts(name: str) -> tuple[str, str]:
    """The bare name of a function, and the qualifier that came with it."""
    bare = name.split(":function:", 1)[-1] if ":function:" in name else name
    found, _, qualifier = bare.partition(":")
    return found, qualifier


def _alias(backend: Any, name: str, qualifier: str) -> Any:
    if not qualifier or qualifier == LATEST or qualifier.isdigit():
        return None
    return backend.get_alias(qualifier, name)


def _drawn(alias: Any) -> str:
    """The version for one invocation: each of the weights is a chance.

    https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
    """
    weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
    if not weights:
        return str(alias.function_version)
    from moto.moto_api._internal import mock_random

    with determinism.dispatching():
        drawn = mock_random.random()
    for version, weight in weights.items():
        drawn -= float(weight)
        if drawn < 0:
            return str(version)
    return str(alias.function_version)
