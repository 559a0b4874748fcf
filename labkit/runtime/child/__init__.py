"""What runs in the process of a Lambda function: the standard library and AWS's own client only."""
