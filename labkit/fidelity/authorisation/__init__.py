"""Who calls, and what they may do: the policies of the sandbox decide, through labkit.policy.

authoriser     the hook that every request passes
callers, credentials, errors   whose a request is, and how bad credentials are refused
asked, needs, resources, passing, s3, dynamodb, kms   what a call needs: actions on resources
context, tags  the condition keys that a request carries
policies       the policies of the caller and of the resource
judged, denial, why   what came of it: verdicts, AWS's sentence, the path for the learner
people         boto3 sessions of others
"""
