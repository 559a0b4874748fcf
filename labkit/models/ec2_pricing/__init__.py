"""What EC2 instances cost a month: by the hour, by promise, from spare capacity, and mixed.

`offers` has the ways to pay for one instance, `fleet` several instances that pay in several ways.
"""
