"""The checks of the lab on DynamoDB's capacity; each reads the log and the tables only."""
