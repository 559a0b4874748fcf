"""Ordinary calls on S3, DynamoDB and its streams, and KMS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
Wait = Callable[[int], None]


def s3(call: Call, wait: Wait) -> None:
    """Objects, versions, parts, settings of a bucket."""
    bucket = {"Bucket": "posters"}
    call("s3", "create_bucket", **bucket)
    call("s3", "head_bucket", **bucket)
    call("s3", "get_bucket_location", **bucket)
    for key in ("a.txt", "b.txt", "drafts/c.txt"):
        call("s3", "put_object", **bucket, Key=key, Body=key.encode(), Metadata={"by": "ana"})
    call("s3", "head_object", **bucket, Key="a.txt")
    call("s3", "get_object", **bucket, Key="a.txt")
    call("s3", "get_object", **bucket, Key="a.txt", Range="bytes=0-2")
    call("s3", "get_object", **bucket, Key="none.txt")
    call("s3", "list_objects_v2", **bucket)
    call("s3", "list_objects_v2", **bucket, Prefix="drafts/")
    call("s3", "list_objects_v2", **bucket, Delimiter="/")
    call("s3", "list_objects_v2", **bucket, MaxKeys=1)
    call("s3", "copy_object", **bucket, Key="d.txt", CopySource="posters/a.txt")
    call("s3", "put_object_tagging", **bucket, Key="a.txt", Tagging=_tags("draft"))
    call("s3", "get_object_tagging", **bucket, Key="a.txt")
    call("s3", "delete_object_tagging", **bucket, Key="a.txt")
    call("s3", "put_bucket_tagging", **bucket, Tagging=_tags("hall"))
    call("s3", "get_bucket_tagging", **bucket)
    versions = {"VersioningConfiguration": {"Status": "Enabled"}}
    call("s3", "put_bucket_versioning", **bucket, **versions)
    call("s3", "get_bucket_versioning", **bucket)
    call("s3", "put_object", **bucket, Key="a.txt", Body=b"second")
    call("s3", "delete_object", **bucket, Key="a.txt")
    call("s3", "get_object", **bucket, Key="a.txt")
    call("s3", "list_object_versions", **bucket, Prefix="a.txt")
    part = {**bucket, "Key": "film.mp4"}
    upload = call("s3", "create_multipart_upload", **part)["UploadId"]
    sent = call("s3", "upload_part", **part, UploadId=upload, PartNumber=1, Body=b"x" * 10)
    call("s3", "list_parts", **part, UploadId=upload)
    parts = {"Parts": [{"ETag": sent["ETag"], "PartNumber": 1}]}
    call("s3", "complete_multipart_upload", **part, UploadId=upload, MultipartUpload=parts)
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    call("s3", "put_bucket_lifecycle_configuration", **bucket, LifecycleConfiguration=_rules(rule))
    call("s3", "get_bucket_lifecycle_configuration", **bucket)
    open_ = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://tickets.example"]}
    call("s3", "put_bucket_cors", **bucket, CORSConfiguration={"CORSRules": [open_]})
    call("s3", "get_bucket_cors", **bucket)
    call("s3", "delete_objects", **bucket, Delete={"Objects": [{"Key": "b.txt"}]})
    call("s3", "list_buckets")
    call("s3", "delete_bucket", **bucket)
    call("s3", "create_bucket", Bucket="empty-one")
    call("s3", "delete_bucket", Bucket="empty-one")
    call("s3", "head_bucket", Bucket="empty-one")


def _tags(value: str) -> dict[str, Any]:
    return {"TagSet": [{"Key": "kind", "Value": value}]}


def _rules(rule: dict[str, Any]) -> dict[str, Any]:
    return {"Rules": [rule]}


def dynamodb(call: Call, wait: Wait) -> None:
    """A table with an index and a stream: items, conditions, queries, transactions."""
    table = {"TableName": "seats"}
    call(
        "dynamodb",
        "create_table",
        **table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema("hall", "seat"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("hall", "seat", "guest")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_guest",
                "KeySchema": _schema("guest", "seat"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    wait(30)
    call("dynamodb", "describe_table", **table)
    call("dynamodb", "list_tables")
    for seat, guest in (("A1", "ana"), ("A2", "ben"), ("B1", "ana")):
        call("dynamodb", "put_item", **table, Item=_item(seat, guest))
    key = {**table, "Key": _key("A1")}
    call("dynamodb", "get_item", **key)
    call("dynamodb", "get_item", **key, ProjectionExpression="guest")
    call("dynamodb", "get_item", **table, Key=_key("Z9"))
    values = {":n": {"N": "2"}}
    add = {"UpdateExpression": "ADD price :n", "ExpressionAttributeValues": values}
    call("dynamodb", "update_item", **key, **add, ReturnValues="ALL_NEW")
    call("dynamodb", "update_item", **key, **add, ConditionExpression="price > :n")
    free = "attribute_not_exists(seat)"
    call("dynamodb", "put_item", **table, Item=_item("A1", "eve"), ConditionExpression=free)
    hall = {":h": {"S": "main"}, ":s": {"S": "A"}}
    where = {"KeyConditionExpression": "hall = :h", "ExpressionAttributeValues": {":h": hall[":h"]}}
    call("dynamodb", "query", **table, **where)
    call("dynamodb", "query", **table, **where, ScanIndexForward=False, Limit=1)
    begins = "hall = :h AND begins_with(seat, :s)"
    call(
        "dynamodb",
        "query",
        **table,
        KeyConditionExpression=begins,
        ExpressionAttributeValues=hall,
    )
    guest = {":g": {"S": "ana"}}
    by_guest = {"IndexName": "by_guest", "KeyConditionExpression": "guest = :g"}
    call("dynamodb", "query", **table, **by_guest, ExpressionAttributeValues=guest)
    call("dynamodb", "scan", **table)
    filtered = {"FilterExpression": "guest = :g", "ExpressionAttributeValues": guest}
    call("dynamodb", "scan", **table, **filtered)
    call("dynamodb", "scan", **table, Select="COUNT")
    puts = [{"PutRequest": {"Item": _item(seat, "zoe")}} for seat in ("C1", "C2")]
    call("dynamodb", "batch_write_item", RequestItems={"seats": puts})
    keys = {"Keys": [_key("C1"), _key("C2")]}
    call("dynamodb", "batch_get_item", RequestItems={"seats": keys})
    sale = {"Put": {**table, "Item": _item("D1", "kim"), "ConditionExpression": free}}
    call("dynamodb", "transact_write_items", TransactItems=[sale])
    call("dynamodb", "transact_write_items", TransactItems=[sale])
    call("dynamodb", "transact_get_items", TransactItems=[{"Get": key}])
    call("dynamodb", "delete_item", **key, ReturnValues="ALL_OLD")
    call("dynamodb", "describe_time_to_live", **table)
    ttl = {"Enabled": True, "AttributeName": "gone_at"}
    call("dynamodb", "update_time_to_live", **table, TimeToLiveSpecification=ttl)
    call("dynamodb", "get_item", TableName="none", Key=_key("A1"))
    stream = call("dynamodbstreams", "list_streams", **table)["Streams"][0]["StreamArn"]
    call("dynamodbstreams", "describe_stream", StreamArn=stream)
    call("dynamodb", "delete_table", **table)
    call(
        "dynamodb",
        "create_table",
        TableName="shows",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema("hall", "seat")[:1],
        AttributeDefinitions=[{"AttributeName": "hall", "AttributeType": "S"}],
    )


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _key(seat: str) -> dict[str, Any]:
    return {"hall": {"S": "main"}, "seat": {"S": seat}}


def _item(seat: str, guest: str) -> dict[str, Any]:
    return {**_key(seat), "guest": {"S": guest}, "price": {"N": "20"}}


def kms(call: Call, wait: Wait) -> None:
    """A key with an alias: encrypt, data keys, grants, rotation, deletion."""
    key = {"KeyId": call("kms", "create_key", Description="posters")["KeyMetadata"]["KeyId"]}
    call("kms", "describe_key", **key)
    call("kms", "create_alias", AliasName="alias/posters", TargetKeyId=key["KeyId"])
    call("kms", "list_aliases", **key)
    box = call("kms", "encrypt", KeyId="alias/posters", Plaintext=b"x")["CiphertextBlob"]
    call("kms", "decrypt", CiphertextBlob=box)
    call("kms", "re_encrypt", CiphertextBlob=box, DestinationKeyId=key["KeyId"])
    call("kms", "generate_data_key", **key, KeySpec="AES_256")
    call("kms", "generate_data_key_without_plaintext", **key, KeySpec="AES_128")
    call("kms", "generate_random", NumberOfBytes=8)
    call("kms", "get_key_policy", **key, PolicyName="default")
    call("kms", "get_key_rotation_status", **key)
    call("kms", "enable_key_rotation", **key)
    call("kms", "get_key_rotation_status", **key)
    call("kms", "tag_resource", **key, Tags=[{"TagKey": "kind", "TagValue": "hall"}])
    call("kms", "list_resource_tags", **key)
    call("kms", "list_keys")
    call("kms", "disable_key", **key)
    call("kms", "enable_key", **key)
    call("kms", "delete_alias", AliasName="alias/posters")
    call("kms", "create_alias", AliasName="alias/films", TargetKeyId=key["KeyId"])
    call("kms", "schedule_key_deletion", **key, PendingWindowInDays=7)
    call("kms", "cancel_key_deletion", **key)


ALL = (s3, dynamodb, kms)
