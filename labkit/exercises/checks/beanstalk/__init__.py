"""What the exercises of the lab on Elastic Beanstalk check, one module for each."""
