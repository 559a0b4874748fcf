"""Every quota, default and price that AWS sets, once, with its source and the day it was read."""
