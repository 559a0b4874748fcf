"""What an EBS volume delivers: its baseline, its burst, and the credits that lie between them.

`volume` knows the types that burst and one that does not, `day` how work comes over a day,
`credits` what becomes of both together.
"""
