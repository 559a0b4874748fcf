"""What the exercises of the lab on EC2 check, one module for each."""
