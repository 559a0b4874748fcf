"""How many events of a function are handled at once, in which environments, and at what price.

`traffic` has the arrivals, `function` what Lambda does with them, `bill` what that costs.
"""
