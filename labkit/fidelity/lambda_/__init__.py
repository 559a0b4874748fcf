"""Lambda as AWS has it, but for the running of code: that is labkit.runtime's."""

from __future__ import annotations
