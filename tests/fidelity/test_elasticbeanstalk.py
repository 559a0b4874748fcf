"""Elastic Beanstalk answers nothing that is not there."""

from __future__ import annotations

import pytest

from labkit.errors import NotSimulated
from labkit.sandbox import Sandbox


@pytest.mark.mends
def test_an_environment_is_not_made_up(sandbox: Sandbox) -> None:
    eb = sandbox.client("elasticbeanstalk")
    eb.create_application(ApplicationName="tickets")

    with pytest.raises(NotSimulated, match=r"lab\.beanstalk\.create_environment"):
        eb.create_environment(ApplicationName="tickets", EnvironmentName="tickets")
