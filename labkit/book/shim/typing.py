"""Types are for CPython's checkers; what is imported for them stays unread in the page."""

TYPE_CHECKING = False
