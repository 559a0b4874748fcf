"""What a developer would call on AWS, checked against the model of the service."""

from __future__ import annotations

import textwrap
from pprint import pformat
from typing import Any

SERVICE = "elasticbeanstalk"
_LINE = 92


class Call:
    """One call of boto3's, with parameters that the service's model accepts; it is never made."""

    def __init__(self, operation: str, **params: Any) -> None:
        from botocore.validate import validate_parameters

        shape = _model().operation_model(operation).input_shape
        validate_parameters(params, shape)
        self.operation = operation
        self.params = params

    def __repr__(self) -> str:
        from botocore import xform_name

        name = xform_name(self.operation)
        given = [f"{key}={value!r}" for key, value in self.params.items()]
        whole = f"eb.{name}({', '.join(given)})"
        if len(whole) <= _LINE:
            return whole
        lines = [f"{key}={_laid_out(value, len(key) + 1)}," for key, value in self.params.items()]
        return "\n".join([f"eb.{name}(", *(textwrap.indent(line, "    ") for line in lines), ")"])


class Waiter:
    """A waiter of boto3's for an environment."""

    def __init__(self, name: str, environment: str) -> None:
        import botocore.session

        waiters = botocore.session.get_session().get_waiter_model(SERVICE)
        waiters.get_waiter("".join(part.title() for part in name.split("_")))
        self.name, self.environment = name, environment

    def __repr__(self) -> str:
        return f'eb.get_waiter("{self.name}").wait(EnvironmentNames=["{self.environment}"])'


def _laid_out(value: object, column: int) -> str:
    """A value in lines of its own, if one is too short for it."""
    whole = pformat(value, width=_LINE - column, sort_dicts=False)
    return whole.replace("\n", "\n" + " " * column)


def settings(options: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """Options as the API takes them."""
    return [
        {"Namespace": namespace, "OptionName": name, "Value": value}
        for (namespace, name), value in options.items()
    ]


def _model() -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model(SERVICE)
