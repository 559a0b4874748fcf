"""The checks of the basics lab, one module for an exercise."""
