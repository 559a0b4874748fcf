"""An API's requests at its throttles and its cache: who gets an answer, from where, and who a 429.

`traffic` has the arrivals, `front` what API Gateway does with them.
"""
