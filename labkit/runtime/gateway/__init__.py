"""API Gateway's front door: a deployed stage answers at its address, and so do function URLs.

requests, urllib3 ──┐
                    ├─→ entrances ─→ front ─┬─→ rest           a REST API's stage
curl, a browser ────┘                       ├─→ http_api       an HTTP API's stage
                                            └─→ function_urls  a function's own address

front         finds what an address means, serves in turn, and keeps a log
messages      a request as it came in, an answer on its way out
addresses     which API and stage an address means, and where they listen
router        which resource or route a path means
call          what is known of a request: ids, times, `$context`
authorizers, tokens, iam   who may call
keys, buckets, limits      how much they may call
validation, mapping, templates, velocity, jsonpath   what goes in and out of an integration
integrations, lambdas, backends, events, answers   what is behind a method
cache, flushing   answers that are kept, and the operations that forget them
cors          what pages of other origins may see
refusals      what API Gateway says by itself
"""
