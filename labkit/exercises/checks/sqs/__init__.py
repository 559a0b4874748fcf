"""The checks of the SQS lab, one module for an exercise; each reads the log and the queues only."""
