"""Clients that want the same thing, are refused, wait and try again: who waits how long."""
