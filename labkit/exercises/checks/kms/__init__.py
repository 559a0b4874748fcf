"""The checks of the KMS lab, one module for an exercise; each asks KMS, S3 and the log."""
