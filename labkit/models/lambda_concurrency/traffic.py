"""How events arrive: a rate over a minute, in one of three shapes.

steady ────────    ramp    ／‾‾    burst    ▁▁█▁▁
"""

from __future__ import annotations

from labkit.errors import UsageError

STEADY, RAMP, BURST = "steady", "ramp", "burst"
SHAPES = (STEADY, RAMP, BURST)
WINDOW_S = 60
RAMP_S = 40  # how long a ramp climbs
BURST_FROM_S, BURST_S = 20, 10
QUIET = 10  # around a burst, a tenth of its rate


def rate_at(shape: str, rate_per_s: float, at_s: float) -> float:
    """How many events a second arrive at that moment, `rate_per_s` being the most.

    >>> rate_at(RAMP, 100, 20), rate_at(BURST, 100, 20), rate_at(BURST, 100, 30)
    (50.0, 100, 10.0)
    """
    if shape == STEADY:
        return rate_per_s
    if shape == RAMP:
        return rate_per_s * min(1, at_s / RAMP_S)
    if shape == BURST:
        peaks = BURST_FROM_S <= at_s < BURST_FROM_S + BURST_S
        return rate_per_s if peaks else rate_per_s / QUIET
    raise UsageError(f"There is no shape {shape!r}.", f"There are {', '.join(SHAPES)}.")


def arrived(shape: str, rate_per_s: float, until_s: float) -> float:
    """How many events have arrived by that moment: the rate, summed up exactly.

    >>> arrived(RAMP, 100, 60), arrived(BURST, 100, 60)
    (4000.0, 1500.0)
    """
    if shape == RAMP:
        climbing_s = min(until_s, RAMP_S)
        return rate_per_s * (climbing_s * climbing_s / (2 * RAMP_S) + until_s - climbing_s)
    if shape == BURST:
        peak_s = min(max(0.0, until_s - BURST_FROM_S), BURST_S)
        return rate_per_s * (peak_s + (until_s - peak_s) / QUIET)
    return rate_at(shape, rate_per_s, until_s) * until_s
