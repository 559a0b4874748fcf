"""Lambda as AWS has it, but for the running of code: that is labkit.runtime's.

ledger    what there is to say
"""

from __future__ import annotations

from labkit.fidelity.lambda_ import ledger

__all__ = ["ledger"]
