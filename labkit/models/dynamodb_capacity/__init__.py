"""What DynamoDB counts: units for an item, buckets for bursts, a table under traffic, the bill.

The sandbox stands on `units` and `bucket` too, so that a figure and a lab count alike.
"""
