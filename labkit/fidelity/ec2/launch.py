"""What a launch asks for, and what it gets where it does not ask."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from labkit.fidelity.ec2.backend import not_found
from labkit.fidelity.ec2.common import (
    API,
    ERRORS,
    GUIDE,
    backend_of,
    bad_combination,
    bad_value,
    image_of,
    limit,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params

RUN = API + "RunInstances.html"


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=RUN,
    corrects="moto launches any image, or none",
)
def an_image_must_be_there(exchange: Exchange) -> None:
    """A launch names an image that exists in the Region.

    InvalidAMIID.NotFound: The image id '[ami-…]' does not exist.
    """
    params = exchange.params
    named = params.get("ImageId")
    if not named:
        if not params.get("LaunchTemplate"):
            raise AwsError("MissingParameter", "The request must contain the parameter ImageId")
    elif not named.startswith("ami-"):
        raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{named}" (expecting "ami-...")')
    elif image_of(exchange) is None:
        raise not_found("InvalidAMIID", f"The image id '[{named}]' does not exist")


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=RUN,
    corrects="moto launches any type",
)
def an_instance_type_must_be_there(exchange: Exchange) -> None:
    """A launch names a type of instance that exists.

    InvalidParameterValue: Invalid value 't9.huge' for InstanceType.
    """
    kind = exchange.params.get("InstanceType")
    if kind and kind not in INSTANCE_TYPES:
        raise bad_value(f"Invalid value '{kind}' for InstanceType.")


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=ERRORS,
    corrects="moto launches any image on any processor",
)
def a_type_has_the_processor_of_its_image(exchange: Exchange) -> None:
    """An image for x86 does not start on an Arm processor, nor the other way round.

    InvalidParameterValue: The architecture 'arm64' of the specified instance type does not match
    the architecture 'x86_64' of the specified AMI.
    """
    kind, image = exchange.params.get("InstanceType") or "m1.small", image_of(exchange)
    known: dict[str, Any] = INSTANCE_TYPES.get(kind, {})
    able = known.get("ProcessorInfo", {}).get("SupportedArchitectures", [])
    if image is not None and able and image.architecture not in able:
        raise bad_value(
            f"The architecture '{able[-1]}' of the specified instance type does not match the "
            f"architecture '{image.architecture}' of the specified AMI. Specify an instance type "
            "and an AMI that have matching architectures, and try again. You can use "
            "'describe-instance-types' or 'describe-images' to discover the architecture of the "
            "instance type or AMI."
        )


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=GUIDE + "user-data.html",
    corrects="moto takes any length",
)
def user_data_is_short(exchange: Exchange) -> None:
    """User data has at most 16 KB before it is encoded.

    InvalidParameterValue: User data is limited to 16384 bytes.
    """
    given = exchange.params.get("UserData")
    most = limit("ec2.user_data_max_bytes")
    if given is None:
        return
    try:
        plain = base64.b64decode(given)
    except (binascii.Error, ValueError):
        raise bad_value("Invalid BASE64 encoding of user data.") from None
    if len(plain) > most:
        raise bad_value(f"User data is limited to {most} bytes")


@rule(
    "ec2",
    "ModifyInstanceAttribute",
    when="before",
    follows=API + "ModifyInstanceAttribute.html",
    corrects="moto decodes it twice, and refuses what boto3 sends",
)
def user_data_is_changed_as_boto3_sends_it(exchange: Exchange) -> None:
    """A stopped instance gets other user data, which boto3 encodes by itself.

    UserData: Changes the instance's user data to the specified value, base64-encoded.
    """
    given = exchange.params.get("UserData")
    if isinstance(given, dict) and isinstance(given.get("Value"), bytes):
        given["Value"] = base64.b64encode(given["Value"])


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=RUN,
    corrects="moto launches as few as are asked for",
)
def as_many_instances_are_launched_as_can_be(exchange: Exchange) -> None:
    """A launch brings MaxCount instances, and no fewer than MinCount.

    InvalidParameterValue where the least is more than the most; its words are unverified.
    """
    params = exchange.params
    least, most = int(params["MinCount"]), int(params["MaxCount"])
    if least < 1 or least > most:
        raise bad_value(
            f"Value ({most}) for parameter maxCount is invalid: it must be at least minCount, "
            f"which is {least}, and that at least 1."
        )
    params["MinCount"] = most


@rule(
    "ec2",
    "RunInstances",
    "ModifyInstanceMetadataOptions",
    when="before",
    follows=API + "ModifyInstanceMetadataOptions.html",
    corrects="moto takes any number",
)
def the_hop_limit_has_its_range(exchange: Exchange) -> None:
    """The hop limit of the instance metadata lies between 1 and 64.

    InvalidParameterValue; its words are unverified.
    """
    params = exchange.params
    options = params.get("MetadataOptions") or params
    hops = options.get("HttpPutResponseHopLimit")
    least, most = limit("ec2.metadata_hop_limit_min"), limit("ec2.metadata_hop_limit_max")
    if hops is not None and not least <= int(hops) <= most:
        raise bad_value(
            f"Value ({hops}) for parameter HttpPutResponseHopLimit is invalid. "
            f"Expected a number from {least} to {most}."
        )


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=RUN,
    corrects="moto gives the instance an address from nowhere",
)
def an_instance_lies_in_a_subnet(exchange: Exchange) -> None:
    """An instance gets its private address from its subnet, by default one of the default VPC.

    If you don't specify a subnet ID, a default subnet from the default VPC is chosen.
    """
    params, backend = exchange.params, backend_of(exchange)
    if params.get("SubnetId") or params.get("NetworkInterfaces") or params.get("LaunchTemplate"):
        return
    zone = (params.get("Placement") or {}).get("AvailabilityZone") or exchange.region + "a"
    subnet = backend.get_default_subnets().get(zone)
    if subnet is not None and backend.get_default_vpc() is not None:
        params["SubnetId"] = subnet.id


@rule(
    "ec2",
    "RunInstances",
    when="after",
    follows=RUN,
    corrects="moto takes no notice of it",
)
def termination_protection_can_be_had_at_launch(exchange: Exchange, answer: Params) -> None:
    """DisableApiTermination protects an instance from the start.

    You can enable termination protection when you launch an instance.
    """
    remember(exchange, answer)
    if exchange.params.get("DisableApiTermination"):
        for launched in answer["Instances"]:
            backend_of(exchange).get_instance(launched["InstanceId"]).disable_api_termination = True


@rule(
    "ec2",
    "RunInstances",
    "CreateVolume",
    when="instead",
    follows="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
    corrects="moto launches again",
)
def a_client_token_makes_a_launch_happen_once(exchange: Exchange) -> Params | None:
    """A launch that is sent again with the same client token brings no more instances.

    The first answer again; IdempotentParameterMismatch where the parameters differ (its words are
    unverified).
    """
    token = exchange.params.get("ClientToken")
    held = backend_of(exchange).answered.get((exchange.operation, token))
    if not token or held is None:
        return None
    asked, answer = held
    if asked != _asked(exchange):
        raise AwsError(
            "IdempotentParameterMismatch",
            f"The client token {token} was used with other parameters before.",
        )
    same: Params = answer
    return same


def remember(exchange: Exchange, answer: Params) -> None:
    """Keep an answer for whoever sends the same client token again."""
    token = exchange.params.get("ClientToken")
    if token:
        held = backend_of(exchange).answered
        held.setdefault((exchange.operation, token), (_asked(exchange), answer))


def _asked(exchange: Exchange) -> str:
    return repr(sorted(exchange.params.items(), key=lambda item: item[0]))


@rule(
    "ec2",
    "RunInstances",
    when="before",
    follows=RUN,
    corrects="moto takes the two of them for one",
)
def groups_are_named_once(exchange: Exchange) -> None:
    """Groups are named for the instance or for its network interface, not for both.

    InvalidParameterCombination: Network interfaces and an instance-level security groups may not
    be specified on the same request.
    """
    params = exchange.params
    groups = params.get("SecurityGroupIds") or params.get("SecurityGroups")
    if params.get("NetworkInterfaces") and groups:
        raise bad_combination(
            "Network interfaces and an instance-level security groups may not be specified on the "
            "same request"
        )
