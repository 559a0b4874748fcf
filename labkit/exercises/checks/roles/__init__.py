"""The checks of the roles lab, one module for an exercise; each reads the log and IAM only."""
