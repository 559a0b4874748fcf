"""The checks of the lab on DynamoDB: each reads the items, and how they were asked for."""
