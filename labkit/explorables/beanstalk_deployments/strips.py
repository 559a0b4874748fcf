"""Two strips below the lanes: the capacity in service, and which code the requests meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.models.sums import rounded

if TYPE_CHECKING:
    from labkit.explorables.beanstalk_deployments.stage import Scale
    from labkit.explorables.layers import Layers
    from labkit.models.beanstalk_deployments.trace import Trace

    Point = tuple[float, float]


def draw_capacity(
    layers: Layers, trace: Trace, scale: Scale, sides: tuple[float, float], most: int
) -> None:
    """Draw how many instances take requests and answer them; `most` reach the top."""
    foot, top = sides
    full = trace.environment.instances
    px = (top - foot) / most
    points: list[Point] = [(scale.x(-scale.lead_s), foot)]
    points.append((scale.x(-scale.lead_s), foot + full * px))
    points.append((scale.x(0), foot + full * px))
    for moment in trace.moments:
        y = rounded(foot + moment.capacity * px, 2)
        points += [(scale.x(moment.at_s), y), (scale.x(moment.until_s), y)]
    points.append((scale.x(trace.end_s), foot))
    layers.add("capacity", points)
    y = rounded(foot + full * px, 2)
    layers.add("full", [(scale.x(-scale.lead_s), y), (scale.x(trace.end_s), y)])


def draw_requests(layers: Layers, trace: Trace, scale: Scale, sides: tuple[float, float]) -> None:
    """Draw the shares of requests that meet old, new and failing code, one above the other."""
    foot, top = sides
    px = top - foot
    layers.box("requests old", scale.x(-scale.lead_s), scale.x(0), foot, top)
    for moment in trace.moments:
        y = foot
        shares = (("old", moment.old), ("new", moment.new), ("failing", moment.failing))
        for name, share in shares:
            if share > 1e-9:
                upper = rounded(y + share * px, 2)
                left, right = scale.x(moment.at_s), scale.x(moment.until_s)
                layers.box(f"requests {name}", left, right, y, upper)
                y = upper
