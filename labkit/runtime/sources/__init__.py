"""What sets a function off without a caller: queues, streams, and whatever pushes events to it.

hooks      moto's own triggers, led to the runtime
mappings   event source mappings: made, changed, ended
poller     what queues and streams have in common: look, filter, invoke
queues     SQS
streams    DynamoDB Streams and Kinesis
rules      EventBridge: patterns and schedules
expressions  when a schedule is due
filters    which records a mapping wants
"""
