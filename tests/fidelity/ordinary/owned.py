"""The fields of ordinary answers that rules own: there labkit answers otherwise than moto.

Service, calls and fields as patterns of `fnmatch`; a line that no answer needs fails the test.
"""

from __future__ import annotations

OWNED = (
    # Capacity is told to those who ask for it.
    ("dynamodb.*", "ConsumedCapacity*"),
    ("dynamodb.*", "ItemCollectionMetrics"),
    # A table has an id, takes time to be there, and lists only the indexes that it has.
    ("dynamodb.*_table", "*.TableId"),
    ("dynamodb.*_table", "*SecondaryIndexes"),
    ("dynamodb.*_table", "*.TableStatus"),
    ("dynamodb.create_table", "*.IndexStatus"),
    ("dynamodb.delete_table", "*.TableSizeBytes"),
    # EC2's instances have a group and their own interface; volumes and snapshots take time, and
    # volumes tell their rates; images have a root volume as Amazon Linux has it.
    ("ec2.*_instances", "*.SecurityGroups*"),
    ("ec2.*_instances", "*.NetworkInterfaces[].Attachment.DeleteOnTermination"),
    ("ec2.create_snapshot", "Progress"),
    ("ec2.create_*", "State"),
    ("ec2.create_volume", "MultiAttachEnabled"),
    ("ec2.*_volume*", "*Iops"),
    ("ec2.describe_images", "*.BlockDeviceMappings[].Ebs.*"),
    ("ec2.describe_images", "*.ImdsSupport"),
    # IAM's ids begin with what they are of; the learner is one of the users, and calls.
    ("iam.*", "*Id"),
    ("iam.list_users", "Users*"),
    ("sts.get_caller_identity", "Arn"),
    # A stream tells its consumers and its largest record; numbers and iterators look like AWS's.
    ("kinesis.describe_stream_summary", "*.ConsumerCount"),
    ("kinesis.describe_stream_summary", "*.MaxRecordSizeInKiB"),
    ("kinesis.list_shards", "*.StartingSequenceNumber"),
    ("kinesis.get_records", "NextShardIterator"),
    # Who did it is told.
    ("sns.get_subscription_attributes", "*.SubscriptionPrincipal"),
    ("ssm.*", "*.LastModifiedUser"),
    # KMS names the key by its ARN, the material and the algorithm that it used.
    ("kms.*", "KeyId"),
    ("kms.*", "*KeyMaterialId"),
    ("kms.*", "*EncryptionAlgorithm"),
    ("kms.*", "KeyMetadata.KeyUsage"),
    ("kms.*", "KeyMetadata.MultiRegion"),
    ("kms.*", "KeyMetadata.SigningAlgorithms"),
    ("kms.get_key_policy", "PolicyName"),
    ("kms.get_key_rotation_status", "NextRotationDate"),
    ("kms.get_key_rotation_status", "RotationPeriodInDays"),
    ("kms.list_aliases", "*Date"),
    ("kms.list_aliases", "*.TargetKeyId"),
    ("kms.schedule_key_deletion", "KeyState"),
    ("kms.schedule_key_deletion", "PendingWindowInDays"),
    # A database takes time, has an identity of its own and, unless it is told, gp3 storage.
    ("rds.create_*", "*Status"),
    ("rds.create_db_instance", "*.Endpoint.*"),
    ("rds.*", "*.DbiResourceId"),
    ("rds.*_db_instance*", "*.LatestRestorableTime"),
    ("rds.*_db_instance*", "*.PendingModifiedValues"),
    ("rds.*_db_instance*", "*.StorageType"),
    ("rds.*_db_snapshot*", "*.PercentProgress"),
    # A change of a zone has an id of its own and is pending; a value is a text.
    ("route53.*", "ChangeInfo.*"),
    ("route53.list_resource_record_sets", "*.Value"),
    # Every object is encrypted, and S3 is reached by https.
    ("s3.*", "ServerSideEncryption"),
    ("s3.complete_multipart_upload", "Location"),
    # Versions are listed with the newest first.
    ("s3.list_object_versions", "*"),
    # Times are whole seconds; JSON is kept as AWS writes it.
    ("sqs.get_queue_attributes", "*Timestamp"),
    ("sqs.get_queue_attributes", "*.RedrivePolicy"),
)
