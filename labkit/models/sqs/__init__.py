"""SQS: a standard queue as a state machine, and a simulation of producers and consumers on it.

`queue` is what AWS does, call by call; `simulation` drives it with a shop's traffic; `trace` is
what a run leaves to look at.
"""
