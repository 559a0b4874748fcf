"""Which calls pass a role to a service: where the role stands, and who gets it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
The service authorization reference lists iam:PassRole as a dependent action of each.
"""

from __future__ import annotations

_CODEDEPLOY = (("serviceRoleArn", "codedeploy.amazonaws.com"),)
_CODEBUILD = (("serviceRole", "codebuild.amazonaws.com"),)
_CODEPIPELINE = (("pipeline.roleArn", "codepipeline.amazonaws.com"),)
_CLOUDFORMATION = (("RoleARN", "cloudformation.amazonaws.com"),)
_LAMBDA = (("Role", "lambda.amazonaws.com"),)
_STATES = (("roleArn", "states.amazonaws.com"),)

# (service, operation) to the parameters that hold a role or an instance profile, and the service.
PASSES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("autoscaling", "CreateLaunchConfiguration"): (("IamInstanceProfile", "ec2.amazonaws.com"),),
    ("cloudformation", "CreateChangeSet"): _CLOUDFORMATION,
    ("cloudformation", "CreateStack"): _CLOUDFORMATION,
    ("cloudformation", "DeleteStack"): _CLOUDFORMATION,
    ("cloudformation", "UpdateStack"): _CLOUDFORMATION,
    ("cloudtrail", "CreateTrail"): (("CloudWatchLogsRoleArn", "cloudtrail.amazonaws.com"),),
    ("codebuild", "CreateProject"): _CODEBUILD,
    ("codebuild", "UpdateProject"): _CODEBUILD,
    ("codedeploy", "CreateDeploymentGroup"): _CODEDEPLOY,
    ("codedeploy", "UpdateDeploymentGroup"): _CODEDEPLOY,
    ("codepipeline", "CreatePipeline"): _CODEPIPELINE,
    ("codepipeline", "UpdatePipeline"): _CODEPIPELINE,
    ("dax", "CreateCluster"): (("IamRoleArn", "dax.amazonaws.com"),),
    ("ec2", "AssociateIamInstanceProfile"): (
        ("IamInstanceProfile.Arn", "ec2.amazonaws.com"),
        ("IamInstanceProfile.Name", "ec2.amazonaws.com"),
    ),
    ("ec2", "ReplaceIamInstanceProfileAssociation"): (
        ("IamInstanceProfile.Arn", "ec2.amazonaws.com"),
        ("IamInstanceProfile.Name", "ec2.amazonaws.com"),
    ),
    ("ec2", "RunInstances"): (
        ("IamInstanceProfile.Arn", "ec2.amazonaws.com"),
        ("IamInstanceProfile.Name", "ec2.amazonaws.com"),
    ),
    ("ecs", "RegisterTaskDefinition"): (
        ("taskRoleArn", "ecs-tasks.amazonaws.com"),
        ("executionRoleArn", "ecs-tasks.amazonaws.com"),
    ),
    ("events", "PutTargets"): (("Targets.RoleArn", "events.amazonaws.com"),),
    ("firehose", "CreateDeliveryStream"): (
        ("ExtendedS3DestinationConfiguration.RoleARN", "firehose.amazonaws.com"),
        ("KinesisStreamSourceConfiguration.RoleARN", "firehose.amazonaws.com"),
        ("S3DestinationConfiguration.RoleARN", "firehose.amazonaws.com"),
    ),
    ("iam", "AddRoleToInstanceProfile"): (("RoleName", "ec2.amazonaws.com"),),
    ("lambda", "CreateFunction"): _LAMBDA,
    ("lambda", "UpdateFunctionConfiguration"): _LAMBDA,
    ("logs", "PutSubscriptionFilter"): (("roleArn", "logs.amazonaws.com"),),
    ("rds", "CreateDBInstance"): (("MonitoringRoleArn", "monitoring.rds.amazonaws.com"),),
    ("scheduler", "CreateSchedule"): (("Target.RoleArn", "scheduler.amazonaws.com"),),
    ("stepfunctions", "CreateStateMachine"): _STATES,
    ("stepfunctions", "UpdateStateMachine"): _STATES,
}
