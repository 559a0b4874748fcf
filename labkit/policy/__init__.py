"""The IAM policy engine: parse, match, evaluate, explain. Pure, and the same in the page.

>>> from labkit.policy import Request, evaluate
>>> read = {"Version": "2012-10-17", "Statement": {
...     "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::posters/*"}}
>>> asked = Request("arn:aws:iam::123456789012:user/ana", "s3:GetObject",
...                 "arn:aws:s3:::posters/gala.png")
>>> evaluate(asked, identity=[read])
Decision('Allow', decided_by='identity')

`labkit.policy.render` tells a decision in words; `validate` finds what is wrong with a policy.
"""

from labkit.policy.decision import Decision, Step
from labkit.policy.document import Policy, compile_policy, validate
from labkit.policy.errors import Finding, PolicyError
from labkit.policy.evaluate import evaluate
from labkit.policy.request import Request
from labkit.policy.statement import Reason

__all__ = [
    "Decision",
    "Finding",
    "Policy",
    "PolicyError",
    "Reason",
    "Request",
    "Step",
    "compile_policy",
    "evaluate",
    "validate",
]
