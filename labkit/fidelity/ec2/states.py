"""What can be done with an instance in which state."""

from __future__ import annotations

from moto.ec2.models.instance_types import INSTANCE_TYPES

from labkit.fidelity.ec2.common import (
    API,
    ERRORS,
    GUIDE,
    backend_of,
    bad_combination,
    instances_of,
    wrong_state,
)
from labkit.fidelity.registry import rule
from labkit.sandbox.awserror import AwsError
from labkit.sandbox.choke import Exchange, Params


@rule(
    "ec2",
    "StartInstances",
    when="before",
    follows=GUIDE + "ec2-instance-lifecycle.html",
    corrects="moto starts whatever there is",
)
def only_a_stopped_instance_is_started(exchange: Exchange) -> None:
    """An instance that is stopping, or gone, cannot be started; one that runs stays as it is.

    IncorrectInstanceState: The instance 'i-…' is not in a state from which it can be started.
    """
    for instance in instances_of(exchange):
        if instance.state not in ("stopped", "running", "pending"):
            raise wrong_state(
                f"The instance '{instance.id}' is not in a state from which it can be started."
            )


@rule(
    "ec2",
    "StopInstances",
    when="before",
    follows=GUIDE + "ec2-instance-lifecycle.html",
    corrects="moto stops whatever there is",
)
def only_a_running_instance_is_stopped(exchange: Exchange) -> None:
    """An instance that is pending, or gone, cannot be stopped; one that is stopped stays so.

    IncorrectInstanceState: This instance 'i-…' is not in a state from which it can be stopped.
    """
    for instance in instances_of(exchange):
        if instance.state not in ("running", "stopping", "stopped"):
            raise wrong_state(
                f"This instance '{instance.id}' is not in a state from which it can be stopped."
            )


@rule(
    "ec2",
    "RebootInstances",
    when="before",
    follows=API + "RebootInstances.html",
    corrects="moto's reboot starts a stopped instance, and brings back a terminated one",
)
def only_a_running_instance_is_rebooted(exchange: Exchange) -> None:
    """A stopped instance is not rebooted; requests to reboot a terminated one are ignored.

    IncorrectState; its words are unverified.
    """
    for instance in instances_of(exchange):
        if instance.state in ("stopped", "stopping"):
            raise AwsError(
                "IncorrectState",
                f"The instance '{instance.id}' is not in a state from which it can be rebooted.",
            )


@rule(
    "ec2",
    "TerminateInstances",
    when="before",
    follows=API + "TerminateInstances.html",
    corrects="moto terminates those that it comes to before the protected one",
)
def a_protected_instance_protects_those_beside_it(exchange: Exchange) -> None:
    """If one of several instances in a zone is protected, none of them is terminated.

    OperationNotPermitted: The instance 'i-…' may not be terminated. Modify its
    'disableApiTermination' instance attribute and try again.
    """
    for instance in instances_of(exchange):
        if instance.disable_api_termination in (True, "true"):
            raise AwsError(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be terminated. Modify its "
                "'disableApiTermination' instance attribute and try again.",
            )


@rule(
    "ec2",
    "StopInstances",
    when="before",
    follows=GUIDE + "ec2-stop-protection.html",
    corrects="moto speaks of termination",
)
def stop_protection_is_asked_first(exchange: Exchange) -> None:
    """An instance with stop protection is not stopped.

    OperationNotPermitted: The instance 'i-…' may not be stopped. Modify its 'disableApiStop'
    instance attribute and try again.
    """
    for instance in instances_of(exchange):
        if instance.disable_api_stop in (True, "true"):
            raise AwsError(
                "OperationNotPermitted",
                f"The instance '{instance.id}' may not be stopped. Modify its 'disableApiStop' "
                "instance attribute and try again.",
            )


_NEED_STOPPED = ("InstanceType", "UserData", "EbsOptimized", "Kernel", "Ramdisk")


@rule(
    "ec2",
    "ModifyInstanceAttribute",
    when="before",
    follows=GUIDE + "ec2-instance-resize.html",
    corrects="moto changes a running instance",
)
def an_instance_changes_its_type_while_stopped(exchange: Exchange) -> None:
    """Type and user data are changed only while the instance is stopped.

    IncorrectInstanceState: The instance 'i-…' is not in the 'stopped' state.
    """
    params = exchange.params
    attribute = params.get("Attribute") or ""
    wanted = {name for name in _NEED_STOPPED if params.get(name)}
    wanted |= {name for name in _NEED_STOPPED if name.lower() == attribute.lower()}
    for instance in instances_of(exchange) if wanted else ():
        if instance.state != "stopped":
            raise wrong_state(f"The instance '{instance.id}' is not in the 'stopped' state.")


@rule(
    "ec2",
    "ModifyInstanceAttribute",
    when="before",
    follows=API + "ModifyInstanceAttribute.html",
    corrects="moto takes any type",
)
def an_instance_changes_to_a_type_that_is_there(exchange: Exchange) -> None:
    """An instance cannot become what does not exist.

    InvalidInstanceAttributeValue; its words are unverified.
    """
    kind = (exchange.params.get("InstanceType") or {}).get("Value")
    if kind and kind not in INSTANCE_TYPES:
        raise AwsError("InvalidInstanceAttributeValue", f"Invalid value '{kind}' for instanceType.")


@rule(
    "ec2",
    "ModifyInstanceAttribute",
    when="before",
    follows=API + "ModifyInstanceAttribute.html",
    corrects="moto changes the first that it finds",
)
def one_attribute_is_changed_at_a_time(exchange: Exchange) -> None:
    """A request changes one attribute of an instance.

    InvalidParameterCombination; its words are unverified.
    """
    about = ("DryRun", "InstanceId", "Value")
    named = [name for name, value in exchange.params.items() if value and name not in about]
    if len(named) > 1:
        raise bad_combination(
            f"Fields for multiple attribute types specified: {', '.join(sorted(named))}"
        )


@rule(
    "ec2",
    "StopInstances",
    "StartInstances",
    "TerminateInstances",
    when="after",
    follows=ERRORS,
    corrects="moto says that it changes, whatever the instance was in",
)
def an_answer_says_where_an_instance_is_going(exchange: Exchange, answer: Params) -> Params:
    """The answer to a start, stop or termination tells the state before and after.

    CurrentState: running for an instance that ran already.
    """
    backend = backend_of(exchange)
    return {
        name: [
            entry
            | {
                "CurrentState": {
                    "Code": backend.get_instance(entry["InstanceId"]).state_code,
                    "Name": backend.get_instance(entry["InstanceId"]).state,
                }
            }
            for entry in entries
        ]
        for name, entries in answer.items()
        if name != "ResponseMetadata"
    }


@rule(
    "ec2",
    "DescribeInstanceCreditSpecifications",
    when="after",
    follows=API + "RunInstances.html",
    corrects="moto says standard of all",
)
def newer_burstable_instances_are_unlimited(exchange: Exchange, answer: Params) -> Params:
    """A T2 instance stops at the end of its credits, a T3, T3a or T4g goes on and pays.

    CpuCredits: standard for T2, unlimited for the others, unless it is set.
    """
    backend = backend_of(exchange)
    told = []
    for entry in answer["InstanceCreditSpecifications"]:
        kind = backend.get_instance(entry["InstanceId"]).instance_type
        if kind.startswith("t"):
            credits = "standard" if kind.startswith("t2.") else "unlimited"
            told.append(entry | {"CpuCredits": credits})
    return answer | {"InstanceCreditSpecifications": told}
