"""The four exercises of the lab on EC2: laid, asked, hinted, solved."""

from __future__ import annotations

from labkit.exercises.checks.ec2 import front, guarded, larger, told
from labkit.exercises.frame import Exercise

FRONT = Exercise(
    id="front",
    title="A server with one open door",
    task=(
        f"An instance `{front.NAME}` of type {front.KIND} runs, lets in HTTPS from everywhere and "
        "nothing else, and its metadata service demands a token."
    ),
    given="nothing",
    lay=front.lay,
    check=front.check,
    hints=(
        "A launch that names no group gets the default one. What does that let in?",
        "`create_security_group`, `authorize_security_group_ingress` with a range of ports and of "
        "addresses, then `run_instances` with `SecurityGroupIds`.",
        '`ec2.authorize_security_group_ingress(GroupId=..., IpPermissions=[{"IpProtocol": "tcp", '
        '"FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])`.',
    ),
    solution="""\
group = ec2.create_security_group(GroupName="box-office", Description="HTTPS")["GroupId"]
https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
everyone = [{"CidrIp": "0.0.0.0/0"}]
ec2.authorize_security_group_ingress(
    GroupId=group, IpPermissions=[{**https, "IpRanges": everyone}]
)
launched = launch("box-office", InstanceType="t3.small", SecurityGroupIds=[group])
print(state(launched))
""",
    claims=("ec2-instance-type", "ec2-security-group", "ec2-imdsv2"),
)

LARGER = Exercise(
    id="larger",
    title="Too small",
    task=f"The instance `{larger.NAME}` runs as a {larger.KIND}, and is the same instance.",
    given=f"the instance `{larger.NAME}`, a t3.micro, running",
    lay=larger.lay,
    check=larger.check,
    hints=(
        "Try to change its type, and read the refusal.",
        "Stop, change, start; each of the states takes a moment, and has a waiter.",
        '`ec2.modify_instance_attribute(InstanceId=find("seats"), InstanceType={"Value": '
        '"t3.large"})`, while it is stopped.',
    ),
    solution="""\
seats = find("seats")
ec2.stop_instances(InstanceIds=[seats])
ec2.get_waiter("instance_stopped").wait(InstanceIds=[seats])
ec2.modify_instance_attribute(InstanceId=seats, InstanceType={"Value": "t3.large"})
ec2.start_instances(InstanceIds=[seats])
ec2.get_waiter("instance_running").wait(InstanceIds=[seats])
print(look(seats)["InstanceType"], state(seats))
""",
    claims=("ec2-instance-type", "ec2-elastic", "ec2-lifecycle"),
)

GUARDED = Exercise(
    id="guarded",
    title="One must stay, one must go",
    task=(
        f"`{guarded.GO}` is terminated, and `{guarded.KEEP}` is protected against that, as a call "
        "that was refused has shown."
    ),
    given=f"the instances `{guarded.KEEP}`, and `{guarded.GO}`, which is protected",
    lay=guarded.lay,
    check=guarded.check,
    hints=(
        "Terminate the old one, and read what AWS says.",
        "`modify_instance_attribute` with `DisableApiTermination`, once each way.",
        '`ec2.modify_instance_attribute(InstanceId=find("ledger"), DisableApiTermination='
        '{"Value": True})`, then try to terminate it.',
    ),
    solution="""\
ec2.modify_instance_attribute(
    InstanceId=find("old-web"), DisableApiTermination={"Value": False}
)
ec2.terminate_instances(InstanceIds=[find("old-web")])
ec2.modify_instance_attribute(InstanceId=find("ledger"), DisableApiTermination={"Value": True})
print(refused(ec2.terminate_instances, InstanceIds=[find("ledger")]))
""",
    claims=("ec2-lifecycle", "ec2-turn-off"),
)

TOLD = Exercise(
    id="told",
    title="A password that everybody can read",
    task=(
        f"The instance `{told.NAME}` runs, its user data still installs postfix, and has no "
        "password in it."
    ),
    given=f"the instance `{told.NAME}`, with a password in its user data",
    lay=told.lay,
    check=told.check,
    hints=(
        "Read it as anybody could who may describe the instance. What does base64 hide?",
        "User data is an attribute, and is changed while the instance is stopped; boto3 encodes "
        "what you give it as bytes.",
        '`ec2.modify_instance_attribute(InstanceId=find("mailer"), UserData={"Value": b"..."})`, '
        "between a stop and a start.",
    ),
    solution="""\
mailer = find("mailer")
ec2.stop_instances(InstanceIds=[mailer])
ec2.get_waiter("instance_stopped").wait(InstanceIds=[mailer])
script = b"#!/bin/bash\\ndnf install -y postfix\\n"
ec2.modify_instance_attribute(InstanceId=mailer, UserData={"Value": script})
ec2.start_instances(InstanceIds=[mailer])
ec2.get_waiter("instance_running").wait(InstanceIds=[mailer])
print(state(mailer))
""",
    claims=("ec2-user-data",),
)

EXERCISES = (FRONT, LARGER, GUARDED, TOLD)
