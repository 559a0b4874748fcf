"""The rows of SQS's ledger that no rule writes."""

from __future__ import annotations
