"""Elastic Beanstalk as `lab.beanstalk`: a model on the virtual clock, under its own name.

moto has environments without instances, versions or health. So labs do not call it; they call
this, and read beside it what they would call on AWS.

bundle          what is deployed: files of a ZIP, a folder or a dictionary
configuration   what `.ebextensions` holds, with errors at their place
options         the options that this model obeys, and which setting of one counts
application     the WSGI application of a bundle, run to see how it answers
releases        the versions of one environment under its options
environment     one environment: its instances, health, events and requests
seen, words     its events and deployments, and what they are called
database        a database that belongs to an environment
addresses       http://NAME.us-east-1.elasticbeanstalk.com
call            what one would call on AWS, checked against the service's model
service         `lab.beanstalk`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.runtime.beanstalk.service import Beanstalk
    from labkit.sandbox.sandbox import Sandbox

_open: list[Beanstalk] = []


def of(sandbox: Sandbox) -> Beanstalk:
    """The Beanstalk of a sandbox; it is made when it is first asked for."""
    from labkit.runtime.beanstalk.service import Beanstalk

    if not _open or _open[0].sandbox is not sandbox:
        _open[:] = [Beanstalk(sandbox)]
        sandbox.on_close(_open.clear)
    return _open[0]
