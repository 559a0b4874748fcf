"""What is answered when parameters are read, labelled and deleted."""

from __future__ import annotations

import re
from typing import Any

from labkit.fidelity.authorisation import authoriser
from labkit.fidelity.authorisation.asked import Asked, Need
from labkit.fidelity.authorisation.denial import denial
from labkit.fidelity.authorisation.policies import held_by
from labkit.fidelity.registry import rule
from labkit.fidelity.ssm import secrets
from labkit.fidelity.ssm.common import (
    API,
    GUIDE,
    backend_of,
    named,
    not_there,
    refused,
    versions_of,
)
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params
from labkit.sandbox.sandbox import Sandbox

_PATH = re.compile(r"/([a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)*/?)?")
_LABEL = re.compile(r"(?!\d)(?!aws)(?!ssm)[a-z0-9_.-]+", re.IGNORECASE)
_MAX_NAMES = 10  # the bound of the lists in the service model, which has no words for it
_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"


@rule(
    "ssm",
    "GetParameter",
    "GetParameterHistory",
    "DeleteParameter",
    "LabelParameterVersion",
    "UnlabelParameterVersion",
    when="before",
    follows=API + "GetParameter.html",
    corrects="moto adds a sentence, and at a label leaves an empty parameter behind",
)
def a_parameter_that_is_not_there_is_not_found(exchange: Exchange) -> None:
    """A parameter that does not exist is not found, without a word.

    ParameterNotFound, with an empty message.
    """
    name = exchange.params["Name"]
    if not name.startswith("/aws/reference/") and not versions_of(exchange, name):
        raise not_there()


@rule(
    "ssm",
    "GetParameter",
    when="before",
    follows=GUIDE + "sysman-paramstore-labels.html",
    corrects="moto says ParameterNotFound",
)
def a_label_that_is_not_there_is_named(exchange: Exchange) -> None:
    """A label that no version bears is named.

    ParameterVersionNotFound; its words are unverified.
    """
    backend = backend_of(exchange)
    name, _, selector = backend._strip_parameter_arn(exchange.params["Name"]).partition(":")
    if not selector or selector.isdigit() or name.startswith("/aws/"):
        return
    if not any(selector in version.labels for version in versions_of(exchange, name)):
        raise AwsError(
            "ParameterVersionNotFound",
            f"Systems Manager could not find version {selector} of {name}. Verify the version and "
            "try again.",
        )


@rule(
    "ssm",
    "GetParameter",
    "GetParameters",
    when="after",
    follows=API + "GetParameter.html",
    corrects="moto leaves it out",
)
def a_version_that_was_asked_for_is_told(exchange: Exchange, answer: Params) -> Params:
    """Who asks for a version or a label is told so in the answer.

    Selector: the version number or the label, behind a colon.
    """
    selectors = {}
    for name in named(exchange):
        bare, _, selector = backend_of(exchange)._strip_parameter_arn(name).partition(":")
        if selector:
            selectors[bare] = f":{selector}"

    def told(one: Params) -> Params:
        selector = selectors.get(one["Name"])
        return one | ({"Selector": selector} if selector else {})

    if exchange.operation == "GetParameter":
        return answer | {"Parameter": told(answer["Parameter"])}
    return answer | {"Parameters": [told(one) for one in answer.get("Parameters", ())]}


@rule(
    "ssm",
    "GetParameters",
    when="after",
    follows=API + "GetParameters.html",
    corrects="moto's order changes from run to run",
)
def parameters_come_in_one_order(exchange: Exchange, answer: Params) -> Params:
    """Parameters that are read by name come in the order of their names.

    The results for GetParameters requests are listed in alphabetical order.
    """
    assert exchange
    found = sorted(answer.get("Parameters", ()), key=lambda one: str(one["Name"]))
    return answer | {"Parameters": found}


@rule(
    "ssm",
    "DeleteParameters",
    when="before",
    follows=API + "DeleteParameters.html",
    corrects="moto deletes any number",
)
def ten_parameters_are_deleted_at_a_time(exchange: Exchange) -> None:
    """Ten parameters are deleted at a time.

    ValidationException: Member must have length less than or equal to 10.
    """
    names = exchange.params["Names"]
    if len(names) > _MAX_NAMES:
        raise refused(
            f"1 validation error detected: Value '[{', '.join(names)}]' at 'names' failed to "
            f"satisfy constraint: Member must have length less than or equal to {_MAX_NAMES}"
        )


@rule(
    "ssm",
    "GetParametersByPath",
    when="before",
    follows=API + "GetParametersByPath.html",
    corrects="moto finds nothing there",
)
def a_path_begins_with_a_slash(exchange: Exchange) -> None:
    """A path is read from its first slash on.

    ValidationException: The parameter doesn't meet the parameter name requirements.
    """
    path = exchange.params["Path"]
    if not _PATH.fullmatch(path):
        raise refused(
            "The parameter doesn't meet the parameter name requirements. The parameter name must "
            'begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" '
            "(case-insensitive). It must use only letters, numbers, or the following symbols: . "
            "(period), - (hyphen), _ (underscore). Special characters are not allowed. All "
            'sub-paths, if specified, must use the forward slash symbol "/". Valid example: '
            "/get/parameters2-/by1./path0_."
        )


@rule(
    "ssm",
    "DescribeParameters",
    when="instead",
    follows=API + "DescribeParameters.html",
    corrects="moto answers with ten, whatever is asked",
)
def as_many_are_described_as_asked_for(exchange: Exchange) -> Params:
    """DescribeParameters answers with up to MaxResults, and with no token at the end.

    MaxResults: between 1 and 50.
    """
    params, backend = exchange.params, backend_of(exchange)
    found = backend.describe_parameters(params.get("Filters"), params.get("ParameterFilters"))
    start = int(params.get("NextToken") or 0)
    end = start + int(params.get("MaxResults") or _MAX_NAMES)
    shown = [_described(one) for one in found[start:end]]
    return {"Parameters": shown} | ({"NextToken": str(end)} if end < len(found) else {})


def _described(parameter: Any) -> Params:
    whole: Params = parameter.describe_response_object()
    return {name: value for name, value in whole.items() if name != "Value"}


@rule(
    "ssm",
    "LabelParameterVersion",
    when="instead",
    follows=API + "LabelParameterVersion.html",
    corrects="moto puts on labels like AWS-1",
)
def reserved_labels_are_reserved_in_any_case(exchange: Exchange) -> Params | None:
    """Labels that begin with aws or ssm are reserved, also in capitals.

    Labels can't begin with a number, aws or ssm (not case sensitive); InvalidLabels lists them.
    """
    params = exchange.params
    good = [label for label in params["Labels"] if _LABEL.fullmatch(label)]
    bad = [label for label in params["Labels"] if label not in good]
    if not bad:
        return None
    _, version = backend_of(exchange).label_parameter_version(
        params["Name"], params.get("ParameterVersion"), good
    )
    return {"InvalidLabels": bad, "ParameterVersion": version}


def _secrets(exchange: Exchange) -> list[Any]:
    """The sealed versions that a request wants opened."""
    if not exchange.params.get("WithDecryption"):
        return []
    backend = backend_of(exchange)
    if exchange.operation == "GetParametersByPath":
        path = exchange.params["Path"].rstrip("/") + "/"
        names = list(
            backend._parameters.get_keys_beginning_with(
                path, bool(exchange.params.get("Recursive"))
            )
        )
    else:
        names = named(exchange)
    versions = [version for name in names for version in versions_of(exchange, name)[-1:]]
    return [
        one for one in versions if one.parameter_type == "SecureString" and not one.source_result
    ]


@rule(
    "ssm",
    "GetParameter",
    "GetParameters",
    "GetParametersByPath",
    "GetParameterHistory",
    "PutParameter",
    when="before",
    follows=_KMS,
    corrects="moto asks nobody for the key",
)
def a_secret_needs_the_callers_right_to_its_key(exchange: Exchange) -> None:
    """With enforcement, a secret under a key of one's own needs kms:Decrypt, and kms:Encrypt to be
    written.

    AccessDeniedException: Parameter Store asks KMS in the caller's name.
    """
    judge = authoriser.current()
    if not judge.enforced or Sandbox.current().quiet:
        return
    params = exchange.params
    if exchange.operation == "PutParameter":
        wanted = params.get("KeyId") if params.get("Type") == "SecureString" else None
        keys = [secrets.key_of(exchange.account, exchange.region, wanted)] if wanted else []
        action = "kms:Encrypt"
    else:
        keys = [secrets.key_behind(one.value) for one in _secrets(exchange)]
        action = "kms:Decrypt"
    for key in keys:
        if key is None or key.key_manager == "AWS":
            continue
        asked = Asked(exchange, exchange.caller)
        verdict = judge.verdict(asked, Need(action, key.arn), held_by(asked.caller))
        if not verdict.decision.allowed:
            raise denial(asked, verdict)
