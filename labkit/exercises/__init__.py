"""Exercises: a starting state, a task, and checks of what AWS would see."""
