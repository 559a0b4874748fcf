"""The checks of the lab on Lambda's versions and concurrency; each asks Lambda and the log."""
