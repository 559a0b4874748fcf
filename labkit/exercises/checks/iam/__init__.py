"""The checks of the IAM lab, one module for an exercise; each asks what an identity may do now."""
