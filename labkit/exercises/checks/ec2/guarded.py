"""Exercise 3: one machine that must not go, and one that must."""

from __future__ import annotations

from labkit.exercises.checks.ec2.scene import attribute, instance, lay_instance
from labkit.exercises.frame import Evidence, Incorrect, MakeClient, NotYet, Outcome, Passed

KEEP, GO = "ledger", "old-web"
REFUSED = "OperationNotPermitted"  # because of the protection, and not of a dry run or a policy


def lay(client: MakeClient) -> None:
    """The one that is to be kept, in the open; the one that is to go, protected."""
    lay_instance(client, KEEP)
    protected = lay_instance(client, GO)
    client("ec2").modify_instance_attribute(
        InstanceId=protected, DisableApiTermination={"Value": True}
    )


def check(evidence: Evidence) -> Outcome:
    """The one is protected, as a refused call has shown; the other is terminated."""
    ec2 = evidence.client("ec2")
    kept, old = instance(evidence, KEEP), instance(evidence, GO)
    if kept is None:
        return Incorrect(
            f"`{KEEP}` was terminated.",
            f"`{GO}` was to go.",
            'That is what protection is for. `lab.begin("guarded")` lays both again.',
        )
    if old is not None:
        if attribute(ec2, old["InstanceId"], "DisableApiTermination"):
            return NotYet(
                f"`{GO}` is protected, and cannot be terminated.",
                "Read in the refusal which attribute to change.",
            )
        return NotYet(f"`{GO}` is not protected any more.", "Terminate it.")
    return _kept(evidence, kept["InstanceId"])


def _kept(evidence: Evidence, id: str) -> Outcome:
    ec2 = evidence.client("ec2")
    if attribute(ec2, id, "DisableApiStop"):
        return Incorrect(
            f"`{KEEP}` is protected against being stopped.",
            "against being terminated.",
            "`DisableApiStop` and `DisableApiTermination` are two attributes. A stopped instance "
            "can be started; a terminated one cannot.",
        )
    if not attribute(ec2, id, "DisableApiTermination"):
        return NotYet(f"`{GO}` is gone, and `{KEEP}` is not protected.", "Protect it.")
    calls = evidence.of("ec2", "TerminateInstances")
    if not any(id in call.params["InstanceIds"] and call.error_code == REFUSED for call in calls):
        return NotYet(
            f"`{KEEP}` is protected.", "Prove it: try to terminate it, and read the refusal."
        )
    return Passed(
        "Protection stands in the way of a slip and of a script, and not of anybody who may change "
        "the attribute. It does not stop Auto Scaling or Spot either."
    )
