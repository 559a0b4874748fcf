"""What the exercises of the lab on the AWS CLI check, one module for each."""
