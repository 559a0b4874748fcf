"""EventBridge as AWS has it: its ledger; what its rules set off is labkit.runtime's.

ledger    what there is to say
"""

from __future__ import annotations

from labkit.fidelity.events import ledger

__all__ = ["ledger"]
