"""What the exercises of the lab on EBS check, one module for each."""
