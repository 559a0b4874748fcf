"""The checks of the S3 lab, one module for an exercise; each reads buckets and the log only."""
