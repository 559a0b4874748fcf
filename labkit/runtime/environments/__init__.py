"""Execution environments: where a function's code runs.

spec          a version of a function, as its environments need to know it
code          its package and layers, unpacked
process       a Python process, started, watched and stopped
api           the Runtime API that it asks for work
environment   the process with its state: cold, then one event after another
inside        the same in this process, where there can be no other
pool          all of them, used again while warm
report        what Lambda itself writes and answers
"""
