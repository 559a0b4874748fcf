"""Ordinary calls on EC2 and EBS, load balancing, RDS and Route 53."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
Wait = Callable[[int], None]


def ec2(call: Call, wait: Wait) -> None:
    """An instance, a volume, a snapshot, a security group."""
    call("ec2", "describe_regions", RegionNames=["us-east-1"])
    call("ec2", "describe_availability_zones")
    call("ec2", "describe_vpcs")
    call("ec2", "describe_subnets")
    group = call("ec2", "create_security_group", GroupName="web", Description="web")["GroupId"]
    web = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    web["IpRanges"] = [{"CidrIp": "0.0.0.0/0"}]
    call("ec2", "authorize_security_group_ingress", GroupId=group, IpPermissions=[web])
    call("ec2", "describe_security_groups", GroupIds=[group])
    call("ec2", "create_key_pair", KeyName="ana")
    call("ec2", "describe_key_pairs")
    image = call("ec2", "describe_images", Owners=["amazon"])["Images"][0]["ImageId"]
    launch = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    made = call("ec2", "run_instances", **launch)["Instances"][0]
    machine = {"InstanceIds": [made["InstanceId"]]}
    wait(120)
    call("ec2", "describe_instances", **machine)
    call("ec2", "create_tags", Resources=machine["InstanceIds"], Tags=[{"Key": "a", "Value": "b"}])
    call("ec2", "describe_tags")
    zone = made["Placement"]["AvailabilityZone"]
    disk = {"VolumeId": call("ec2", "create_volume", AvailabilityZone=zone, Size=10)["VolumeId"]}
    wait(60)
    call("ec2", "describe_volumes", VolumeIds=[disk["VolumeId"]])
    here = {"InstanceId": made["InstanceId"], "Device": "/dev/sdf"}
    call("ec2", "attach_volume", **disk, **here)
    wait(60)
    call("ec2", "detach_volume", **disk, **here)
    wait(60)
    snapshot = call("ec2", "create_snapshot", **disk)["SnapshotId"]
    wait(600)
    call("ec2", "describe_snapshots", SnapshotIds=[snapshot])
    call("ec2", "delete_snapshot", SnapshotId=snapshot)
    call("ec2", "delete_volume", **disk)
    call("ec2", "create_volume", AvailabilityZone=zone, Size=1)
    call("ec2", "stop_instances", **machine)
    wait(120)
    call("ec2", "start_instances", **machine)
    wait(120)
    call("ec2", "terminate_instances", **machine)
    call("ec2", "describe_instances", InstanceIds=["i-0123456789abcdef0"])


def names(call: Call, wait: Wait) -> None:
    """A hosted zone; a load balancer's target group; a database."""
    zone = call("route53", "create_hosted_zone", Name="tickets.example", CallerReference="1")
    zone_id = {"HostedZoneId": zone["HostedZone"]["Id"]}
    record = {"Name": "www.tickets.example", "Type": "A", "TTL": 60}
    record["ResourceRecords"] = [{"Value": "192.0.2.1"}]
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    call("route53", "change_resource_record_sets", **zone_id, ChangeBatch=change)
    call("route53", "list_resource_record_sets", **zone_id)
    call("route53", "list_hosted_zones")
    vpc = call("ec2", "describe_vpcs")["Vpcs"][0]["VpcId"]
    group = {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": vpc}
    call("elbv2", "create_target_group", **group)
    call("elbv2", "describe_target_groups")
    database = {"DBInstanceIdentifier": "tickets"}
    call(
        "rds",
        "create_db_instance",
        **database,
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="ana",
        MasterUserPassword="not-a-real-one",
    )
    wait(1800)
    call("rds", "describe_db_instances", **database)
    call("rds", "create_db_snapshot", **database, DBSnapshotIdentifier="monday")
    wait(1800)
    call("rds", "describe_db_snapshots", **database)


ALL = (ec2, names)
