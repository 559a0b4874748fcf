"""Lambda as AWS has it, but for the running of code: that is labkit.runtime's.

settings    what a function may be made of
versions    versions, aliases, concurrency, permissions, mappings
retries     how asynchronous events are handled
sources     whose queue or stream a mapping may read
vpc         functions with a foot in a VPC
ledger      what else there is to say
"""

from __future__ import annotations

from labkit.fidelity.lambda_ import ledger, retries, settings, sources, versions, vpc

__all__ = ["ledger", "retries", "settings", "sources", "versions", "vpc"]
