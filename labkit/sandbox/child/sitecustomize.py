"""Arms labkit's guard in a Python child, then runs the sitecustomize that this one hides."""

import os
import sys
from importlib.machinery import PathFinder

_here = os.path.dirname(os.path.abspath(__file__))

if os.environ.get("LABKIT_GUARD") == "1":
    # The child may run in another environment, where labkit is not installed.
    _root = os.path.dirname(os.path.dirname(os.path.dirname(_here)))
    sys.path.append(_root)
    try:
        from labkit.sandbox import guard

        guard.arm()
    finally:
        sys.path.remove(_root)

_others = [path for path in sys.path if os.path.abspath(path) != _here]
_spec = PathFinder.find_spec("sitecustomize", _others)
if _spec is not None and _spec.loader is not None:
    _spec.loader.exec_module(sys.modules[__name__])
