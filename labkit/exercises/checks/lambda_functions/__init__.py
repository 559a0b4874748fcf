"""The checks of the lab on Lambda; each asks Lambda, its logs and the services around it."""
