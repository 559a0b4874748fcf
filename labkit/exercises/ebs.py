"""The five exercises of the lab on EBS: laid, asked, hinted, solved."""

from __future__ import annotations

from labkit.exercises.checks.ebs import fast, kept, move, sealed, slow
from labkit.exercises.frame import Exercise

FAST = Exercise(
    id="fast",
    title="A disk by its numbers",
    task=(
        f"A volume `{fast.NAME}` of {fast.SIZE} GiB in us-east-1a has {fast.IOPS:,} IOPS and "
        f"{fast.MIBPS} MiB/s, at the lowest price."
    ),
    given="nothing",
    lay=fast.lay,
    check=fast.check,
    hints=(
        "Which type sells size, operations and throughput apart?",
        "`create_volume` takes `VolumeType`, `Iops` and `Throughput`; a name is a tag, in "
        "`TagSpecifications`.",
        '`ec2.create_volume(AvailabilityZone="us-east-1a", Size=200, VolumeType="gp3", Iops=8000, '
        'Throughput=300, TagSpecifications=name("orders-db", "volume"))`.',
    ),
    solution="""\
disk = ec2.create_volume(
    AvailabilityZone="us-east-1a",
    Size=200,
    VolumeType="gp3",
    Iops=8000,
    Throughput=300,
    TagSpecifications=name("orders-db", "volume"),
)
print(disk["VolumeType"], disk["Iops"], disk["Throughput"])
""",
    claims=("ebs-gp2-purpose", "ebs-gp2-baseline"),
)

MOVE = Exercise(
    id="move",
    title="The machine is in another zone",
    task=(
        f"A volume with the data of `{move.NAME}` is attached to the instance `{move.MACHINE}` as "
        "/dev/sdf."
    ),
    given=f"the volume `{move.NAME}` in us-east-1a, and the instance `{move.MACHINE}` next door",
    lay=move.lay,
    check=move.check,
    hints=(
        "A volume belongs to a zone. What is made of a volume and belongs to the Region?",
        "A snapshot, a volume of it in the other zone, and an attachment; each takes a moment, and "
        "has a waiter.",
        "`ec2.create_snapshot(VolumeId=...)`, `ec2.create_volume(SnapshotId=..., "
        'AvailabilityZone="us-east-1b")`, `ec2.attach_volume(...)`.',
    ),
    solution="""\
[posters] = find("posters")
taken = ec2.create_snapshot(VolumeId=posters["VolumeId"])["SnapshotId"]
ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[taken])
copied = ec2.create_volume(AvailabilityZone="us-east-1b", SnapshotId=taken, VolumeType="gp3")
ec2.get_waiter("volume_available").wait(VolumeIds=[copied["VolumeId"]])
there_it_is = {"InstanceId": machine("web"), "Device": "/dev/sdf"}
print(ec2.attach_volume(VolumeId=copied["VolumeId"], **there_it_is)["State"])
""",
    claims=("ebs-replication", "ebs-snapshots"),
)

SLOW = Exercise(
    id="slow",
    title="Fast for half an hour",
    task=(
        f"The volume `{slow.NAME}` delivers {slow.IOPS:,} IOPS for good, at its {slow.SIZE} GiB, "
        "and it is the same volume."
    ),
    given=f"the volume `{slow.NAME}`, gp2 with 100 GiB, whose nightly job slows down",
    lay=slow.lay,
    check=slow.check,
    hints=(
        "What is a gp2 volume of this size given a second, and what did it live on for half an "
        "hour?",
        "`modify_volume` changes type, size and IOPS of a volume that is in use.",
        '`ec2.modify_volume(VolumeId=..., VolumeType="gp3", Iops=6000)`, and let a minute pass.',
    ),
    solution="""\
[receipts] = find("receipts-db")
ec2.modify_volume(VolumeId=receipts["VolumeId"], VolumeType="gp3", Iops=6000)
print(lab.clock.advance(minutes=1))
""",
    claims=("ebs-scalable", "ebs-gp2-burst"),
)

SEALED = Exercise(
    id="sealed",
    title="Made without encryption",
    task=(
        f"A volume in us-east-1a has the data of `{sealed.NAME}` and is encrypted under "
        f"`{sealed.ALIAS}`."
    ),
    given=f"the volume `{sealed.NAME}`, in plain, and the key `{sealed.ALIAS}`",
    lay=sealed.lay,
    check=sealed.check,
    hints=(
        "No call encrypts a volume in place. Where can it be said instead?",
        "When a volume is made of a snapshot, or a copy of the snapshot: `Encrypted` and "
        "`KmsKeyId`.",
        '`ec2.create_volume(AvailabilityZone="us-east-1a", SnapshotId=..., Encrypted=True, '
        'KmsKeyId="alias/shop")`.',
    ),
    solution="""\
[refunds] = find("refunds")
plain = ec2.create_snapshot(VolumeId=refunds["VolumeId"])["SnapshotId"]
ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[plain])
secret = ec2.create_volume(
    AvailabilityZone="us-east-1a",
    SnapshotId=plain,
    VolumeType="gp3",
    Encrypted=True,
    KmsKeyId="alias/shop",
)
print("encrypted:", secret["Encrypted"])
""",
    claims=("ebs-unencrypted-snapshot", "ebs-encrypted-snapshot"),
)

KEPT = Exercise(
    id="kept",
    title="A disk that outlives its machine",
    task=f"The instance `{kept.NAME}` is terminated, and its root volume is left, available.",
    given=f"the instance `{kept.NAME}`, running",
    lay=kept.lay,
    check=kept.check,
    hints=(
        "Which flag of a disk says whether it goes with its instance? Look at the instance's "
        "`BlockDeviceMappings`.",
        "`modify_instance_attribute` takes `BlockDeviceMappings` for a running instance.",
        '`ec2.modify_instance_attribute(InstanceId=..., BlockDeviceMappings=[{"DeviceName": '
        '"/dev/xvda", "Ebs": {"DeleteOnTermination": False}}])`, then terminate it.',
    ),
    solution="""\
stays = {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}}
ec2.modify_instance_attribute(InstanceId=machine("ledger"), BlockDeviceMappings=[stays])
ec2.terminate_instances(InstanceIds=[machine("ledger")])
print(lab.clock.advance(minutes=2))
""",
    claims=("ebs-root-volume", "ebs-on-termination"),
)

EXERCISES = (FAST, MOVE, SLOW, SEALED, KEPT)
