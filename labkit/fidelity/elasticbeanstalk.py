"""Elastic Beanstalk: moto's environments have neither instances nor versions nor health.

The labs drive `lab.beanstalk` instead, a model on the virtual clock; how it differs stands here.
"""

from __future__ import annotations

from labkit.errors import NotSimulated
from labkit.fidelity.registry import differs, rule
from labkit.sandbox.choke import Exchange

_API = "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_"
_GUIDE = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/"


@rule(
    "elasticbeanstalk",
    "CreateEnvironment",
    when="before",
    follows=_API + "CreateEnvironment.html",
    corrects="moto answers with an environment that is Ready and has nothing in it",
)
def an_environment_is_not_made_up(exchange: Exchange) -> None:
    """CreateEnvironment is refused, rather than answered with an environment that has nothing.

    It launches instances, a load balancer and the rest; in a lab `lab.beanstalk` stands for that.
    """
    raise NotSimulated(
        "The sandbox launches no environment of Elastic Beanstalk for boto3.",
        "An environment without instances, versions and health would teach nothing.",
        'lab.beanstalk.create_environment("tickets", "v1") has a model of all that.',
    )


_DIFFERS = (
    (
        "Environments are those of `lab.beanstalk`, and no call of boto3's sees them, their "
        "instances or their load balancer.",
        "Each is a stack of CloudFormation with an Auto Scaling group, instances and a load "
        "balancer, all in your account.",
        _GUIDE + "concepts.html",
    ),
    (
        "Nobody is asked whether they may: IAM does not see `lab.beanstalk`.",
        "elasticbeanstalk:UpdateEnvironment and the others are authorised like any action.",
        _GUIDE + "AWSHowTo.iam.actions.html",
    ),
    (
        "A version's fault is what its application answers when it is deployed, on the path of the "
        "health check and on those in `clients_ask`; answers of 500 and more count.",
        "Health is watched all the time, from the requests that come and from the instance.",
        _GUIDE + "health-enhanced.html",
    ),
    (
        "Launching takes 3 minutes, installing 30 seconds, the rest of an environment 5 minutes.",
        "Times differ by platform, type of instance and what a bundle does.",
        _GUIDE + "using-features.rolling-version-deploy.html",
    ),
    (
        "The sections of a configuration file beside `option_settings` are checked and not run.",
        "Instances install the packages, write the files and run the commands.",
        _GUIDE + "customize-containers-ec2.html",
    ),
    (
        "The words of events and of what is wrong with a configuration file are labkit's own, with "
        "the place in the file; an environment cannot be created from a broken one.",
        "An event names the file; a new environment fails to launch.",
        _GUIDE + "ebextensions.html",
    ),
    (
        "A swap of two names holds for the next request.",
        "Resolvers keep the old answer until its time to live is over, and some longer.",
        _GUIDE + "using-features.CNAMESwap.html",
    ),
    (
        "The fleet has as many instances as MinSize says, and does not scale.",
        "The Auto Scaling group moves between MinSize and MaxSize by its triggers.",
        _GUIDE + "using-features.managing.as.html",
    ),
)
for _behaviour, _aws, _source in _DIFFERS:
    differs("elasticbeanstalk", _behaviour, _aws, source=_source)
