"""The rows of the ledger of EC2 and EBS that no rule writes."""

from __future__ import annotations

from labkit.fidelity.ec2.common import API, EBS_GUIDE, ERRORS, GUIDE
from labkit.fidelity.registry import as_on_aws, corrected, differs

_CORRECTED = [
    (
        "An instance is pending for some seconds, then running.",
        "The waiter instance_running waits for it.",
        "an_instance_is_pending_first",
        GUIDE + "ec2-instance-lifecycle.html",
    ),
    (
        "An instance is stopping before it is stopped, and pending before it runs again.",
        "The waiters instance_stopped and instance_running.",
        "an_instance_takes_time_to_stop_and_to_start",
        GUIDE + "ec2-instance-lifecycle.html",
    ),
    (
        "A terminated instance is shutting down first, is listed for about an hour, and is then "
        "forgotten.",
        "Terminated instances remain visible after termination for approximately one hour.",
        "a_terminated_instance_is_shown_for_an_hour",
        API + "TerminateInstances.html",
    ),
    (
        "The two status checks are initializing for two minutes after an instance runs.",
        "They pass some minutes after the start; the waiter is instance_status_ok.",
        "status_checks_pass_after_some_minutes",
        GUIDE + "monitoring-system-instance-status-check.html",
    ),
    (
        "Of the metadata options, what a change does not name stays as it is.",
        "If no parameter is specified, the existing state is maintained.",
        "metadata_options_that_are_not_named_stay",
        API + "ModifyInstanceMetadataOptions.html",
    ),
    (
        "An instance of Amazon Linux 2023 demands IMDSv2 and lets its answers go two hops; that of "
        "an older image takes both versions, and one hop.",
        "HttpTokens is required where the image's ImdsSupport is v2.0, unless the account sets it.",
        "a_modern_image_demands_imdsv2",
        API + "InstanceMetadataOptionsRequest.html",
    ),
    (
        "An instance without a group of its own has the default group of its VPC.",
        "If you don't specify a security group ID, the default security group is used.",
        "an_instance_has_the_default_group",
        API + "RunInstances.html",
    ),
    (
        "The network interface that a launch made goes with the instance.",
        "The primary network interface has DeleteOnTermination.",
        "the_network_interface_of_a_launch_goes_with_it",
        GUIDE + "using-eni.html",
    ),
    (
        "An image of an instance has a snapshot of each of its volumes, in their sizes, encrypted "
        "as they are, and instances of it get them.",
        "CreateImage makes a snapshot of each volume.",
        "an_image_of_an_instance_has_its_volumes",
        API + "CreateImage.html",
    ),
    (
        "A gp2 volume has 3 IOPS for each GiB, no fewer than 100 and no more than 16,000.",
        "Iops: for gp2, the baseline performance of the volume.",
        "a_gp2_volume_has_three_iops_for_each_gib",
        EBS_GUIDE + "general-purpose.html",
    ),
    (
        "A gp3 volume has 3,000 IOPS and 125 MiB/s unless more is asked for.",
        "Iops and Throughput are told for every gp3 volume.",
        "a_gp3_volume_brings_iops_and_throughput",
        EBS_GUIDE + "general-purpose.html",
    ),
    (
        "A volume is attaching before it is attached, and detaching before it is available.",
        "State of the attachment; DeleteOnTermination is false for what is attached later.",
        "an_attachment_is_attaching_and_detaching_for_some_seconds",
        API + "VolumeAttachment.html",
    ),
    (
        "An io1 or io2 volume with Multi-Attach is on several instances of its zone.",
        "Up to 16 instances built on Nitro.",
        "a_volume_with_multi_attach_is_on_several_instances",
        EBS_GUIDE + "ebs-volumes-multi.html",
    ),
    (
        "A change is modifying for half a minute, then optimizing, the longer the larger the "
        "volume, then completed.",
        "ModificationState and Progress; the new size can be used from optimizing on.",
        "a_change_is_modifying_then_optimizing_then_completed",
        EBS_GUIDE + "monitoring-volume-modifications.html",
    ),
    (
        "A volume that changes its type gets the IOPS and the throughput of the new type.",
        "If the type becomes io1, io2 or gp3, the default is 3,000 IOPS; for gp3 125 MiB/s.",
        "a_change_of_type_brings_the_rates_of_the_type",
        API + "ModifyVolume.html",
    ),
    (
        "A snapshot is pending for a minute, then completed.",
        "State and Progress; how long it takes depends on what changed since the last one.",
        "a_snapshot_is_pending_first",
        API + "CreateSnapshot.html",
    ),
    (
        "A snapshot keeps the size that its volume had.",
        "VolumeSize: the size of the volume at the time.",
        "a_snapshot_keeps_the_size_that_the_volume_had",
        API + "Snapshot.html",
    ),
    (
        "A key is told by its ARN, whether it was named by id, alias or ARN.",
        "KmsKeyId: the ARN of the key.",
        "a_key_is_told_by_its_arn_however_it_is_named",
        API + "CreateVolume.html",
    ),
    (
        "A volume under a key that is disabled or not there is creating, and then not there.",
        "The key is authenticated asynchronously: the action appears to complete, and fails.",
        "a_volume_under_a_key_that_cannot_be_used_does_not_come_to_be",
        API + "CreateVolume.html",
    ),
    (
        "A snapshot of an encrypted volume is encrypted under its key, and so is a volume of such "
        "a snapshot.",
        "Volumes that are created from encrypted snapshots are also automatically encrypted.",
        "encryption_is_handed_down_with_its_key",
        EBS_GUIDE + "ebs-encryption.html",
    ),
    (
        "With encryption by default whatever is made from then on is encrypted, root volumes and "
        "copies too.",
        "It has no effect on existing volumes.",
        "encryption_by_default_encrypts_what_is_made_from_then_on",
        API + "EnableEbsEncryptionByDefault.html",
    ),
]
_AS_ON_AWS = [
    (
        "A stopped instance loses its public address and keeps its private one.",
        "It gets a new public address when it starts.",
        "a_public_address_is_lost_with_a_stop",
        GUIDE + "Stop_Start.html",
    ),
    (
        "An instance with termination protection is not terminated.",
        "OperationNotPermitted, naming the attribute to modify.",
        "termination_protection_is_asked_first",
        GUIDE + "Using_ChangingDisableAPITermination.html",
    ),
    (
        "An instance that does not exist is named in the error.",
        "InvalidInstanceID.NotFound: The instance ID 'i-…' does not exist.",
        "an_instance_that_is_not_there_is_named",
        ERRORS,
    ),
    (
        "If one of several instances does not exist, none is terminated.",
        "If the request fails because of a single incorrect id, none is terminated.",
        "if_one_instance_is_not_there_none_is_terminated",
        API + "TerminateInstances.html",
    ),
    (
        "A dry run of a launch launches nothing.",
        "DryRunOperation, with status 412.",
        "a_dry_run_of_a_launch_launches_nothing",
        API + "RunInstances.html",
    ),
    (
        "A launch needs a security group and a subnet that exist.",
        "InvalidGroup.NotFound, InvalidSubnetID.NotFound.",
        "a_launch_needs_a_group_and_a_subnet_that_are_there",
        ERRORS,
    ),
    (
        "User data is kept in base64.",
        "It is not decrypted or hidden: whoever may describe the instance reads it.",
        "user_data_is_kept_encoded",
        GUIDE + "user-data.html",
    ),
    (
        "The default VPC is 172.31.0.0/16, with a public default subnet in every zone.",
        "Instances there get public addresses.",
        "every_zone_has_its_default_subnet",
        "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
    ),
    (
        "What is deleted with a running instance can still be changed.",
        "ModifyInstanceAttribute with BlockDeviceMappings.",
        "what_goes_with_an_instance_can_be_changed",
        GUIDE + "preserving-volumes-on-termination.html",
    ),
    (
        "A launch answers with pending instances.",
        "State: pending.",
        "a_launch_answers_with_pending_instances",
        API + "RunInstances.html",
    ),
    (
        "A snapshot that an image uses is not deleted before the image is deregistered.",
        "InvalidSnapshot.InUse, naming the image.",
        "a_snapshot_of_an_image_stays_while_the_image_does",
        API + "DeleteSnapshot.html",
    ),
    (
        "A new security group lets everything out and nothing in.",
        "Its outbound rule allows all traffic to 0.0.0.0/0.",
        "a_new_group_lets_everything_out_and_nothing_in",
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    ),
    (
        "A rule is added and taken away; what is not there cannot be taken away.",
        "InvalidPermission.NotFound: The specified rule does not exist in this security group.",
        "a_rule_is_added_and_taken_away",
        API + "RevokeSecurityGroupIngress.html",
    ),
    (
        "A rule can have another group as its source.",
        "UserIdGroupPairs.",
        "a_rule_can_name_a_group",
        API + "AuthorizeSecurityGroupIngress.html",
    ),
    (
        "The private key of a key pair is shown once, when it is made.",
        "EC2 keeps the public key only.",
        "the_private_key_is_shown_once",
        API + "CreateKeyPair.html",
    ),
    (
        "CreateVolume makes a gp2 volume unless it is told another type.",
        "Default: gp2.",
        "a_volume_is_gp2_unless_it_is_told",
        API + "CreateVolume.html",
    ),
    (
        "A volume needs a size or a snapshot.",
        "MissingParameter: The request must contain the parameter size/snapshot.",
        "a_volume_needs_a_size_or_a_snapshot",
        API + "CreateVolume.html",
    ),
    (
        "An attached volume is not deleted.",
        "VolumeInUse, naming the instance.",
        "an_attached_volume_is_not_deleted",
        API + "DeleteVolume.html",
    ),
    (
        "A deleted volume is gone.",
        "InvalidVolume.NotFound.",
        "a_deleted_volume_is_gone",
        API + "DeleteVolume.html",
    ),
    (
        "A change must change something.",
        "InvalidParameterValue.",
        "a_change_changes_something",
        API + "ModifyVolume.html",
    ),
    (
        "A snapshot outlives its volume, and makes volumes in any zone of the Region.",
        "That is how a volume moves between zones.",
        "a_snapshot_outlives_its_volume",
        API + "CreateVolume.html",
    ),
    (
        "A snapshot is copied to another Region by asking there.",
        "SourceRegion names where it comes from.",
        "a_copy_lies_in_the_region_that_asked",
        API + "CopySnapshot.html",
    ),
    (
        "Encryption without a named key takes the account's key alias/aws/ebs.",
        "AWS makes it when it is first needed.",
        "encryption_without_a_key_takes_the_key_of_ebs",
        EBS_GUIDE + "ebs-encryption.html",
    ),
    (
        "A key cannot be named without encryption.",
        "InvalidParameterDependency.",
        "a_key_without_encryption_is_refused",
        API + "CreateVolume.html",
    ),
    (
        "An unencrypted snapshot makes an unencrypted volume, or an encrypted one if asked.",
        "Only the way back is closed.",
        "an_unencrypted_snapshot_makes_either_kind",
        EBS_GUIDE + "ebs-encryption.html",
    ),
]
_DIFFERS = [
    (
        "No operating system runs: user data is kept and not run, nothing can be connected to, and "
        "the console's output is always the same.",
        "User data runs at the first start; the machine can be reached by SSH or Session Manager.",
        GUIDE + "user-data.html",
    ),
    (
        "A volume holds no data: nothing is read or written, nothing formatted or mounted.",
        "It is a disk; after it grew, the file system has to be grown too.",
        EBS_GUIDE + "recognize-expanded-volume-linux.html",
    ),
    (
        "A state lasts the same few seconds each time, and a snapshot a minute.",
        "How long it takes depends on image, type, size and what changed; AWS promises no time.",
        GUIDE + "ec2-instance-lifecycle.html",
    ),
    (
        "A deleted volume is gone at once, a new image is available at once.",
        "A volume can be deleting for minutes; an image is pending until its snapshots are done.",
        API + "DeleteVolume.html",
    ),
    (
        "Capacity and quotas never run out.",
        "InsufficientInstanceCapacity, InstanceLimitExceeded, VcpuLimitExceeded and, for too many "
        "volumes on an instance, AttachmentLimitExceeded.",
        ERRORS,
    ),
    (
        "A Spot Instance is launched at once and never interrupted.",
        "EC2 takes it back with two minutes' notice when it needs the capacity.",
        GUIDE + "spot-interruptions.html",
    ),
    (
        "An instance does not stop or terminate itself, nor hibernate, nor end its credits.",
        "InstanceInitiatedShutdownBehavior, Hibernate and CpuCredits have effects.",
        API + "RunInstances.html",
    ),
    (
        "The public images are a list of some weeks ago; those of Amazon Linux 2023 have a gp3 "
        "root volume of 8 GiB, the others one of gp2.",
        "Each image has its own block device mapping, and new ones appear all the time.",
        GUIDE + "AMIs.html",
    ),
    (
        "The account's own defaults for the metadata service cannot be set.",
        "ModifyInstanceMetadataDefaults sets them for a Region.",
        API + "ModifyInstanceMetadataDefaults.html",
    ),
    (
        "DescribeVolumeStatus and fast snapshot restore are missing; the archive tier answers at "
        "once.",
        "To bring a snapshot back from the archive takes up to 72 hours.",
        EBS_GUIDE + "snapshot-archive.html",
    ),
    (
        "Rules of security groups and network ACLs are kept, and let nothing through or out.",
        "They filter the traffic of the instances; security groups remember connections.",
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    ),
    (
        "What was just made is seen at once by every request.",
        "The API is eventually consistent: NotFound can come for a moment after the creation.",
        "https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html",
    ),
]
for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("ec2", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _AS_ON_AWS:
    as_on_aws("ec2", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("ec2", _behaviour, _aws, source=_source)
