"""How requests arrive over the window.

steady ──────    clumped ▌ ▌ ▌ ▌    spike ▁▁██▁▁
"""

from __future__ import annotations

from labkit.errors import UsageError

STEADY, CLUMPED, SPIKE = "steady", "clumped", "spike"
SHAPES = (STEADY, CLUMPED, SPIKE)
WINDOW_S = 20
STEPS_PER_S = 10
STEPS = WINDOW_S * STEPS_PER_S
SPIKE_FROM_S, SPIKE_S = 5, 4
QUIET = 10  # around a spike, a tenth of its rate


def asked(shape: str, rate_per_s: float, step: int) -> float:
    """How many requests arrive within that step, evenly; all of a second's in one, if clumped.

    >>> asked(STEADY, 50, 3), asked(CLUMPED, 50, 10), asked(CLUMPED, 50, 11)
    (5.0, 50, 0)
    """
    if shape == STEADY:
        return rate_per_s / STEPS_PER_S
    if shape == CLUMPED:
        return 0 if step % STEPS_PER_S else rate_per_s
    if shape == SPIKE:
        spikes = SPIKE_FROM_S * STEPS_PER_S <= step < (SPIKE_FROM_S + SPIKE_S) * STEPS_PER_S
        return rate_per_s / STEPS_PER_S / (1 if spikes else QUIET)
    raise UsageError(f"There is no shape {shape!r}.", f"There are {', '.join(SHAPES)}.")
