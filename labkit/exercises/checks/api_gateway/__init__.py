"""The checks of the lab on API Gateway; each asks API Gateway, and looks at the learner's calls."""
