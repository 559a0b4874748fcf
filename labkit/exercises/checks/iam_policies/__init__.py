"""The checks of the lab on IAM policies: each asks IAM's simulator what the policies come to."""
