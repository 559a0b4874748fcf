"""What the pure modules use of dataclasses, for MicroPython, which keeps no annotations.

A class's field names stand in `_FIELD_NAMES` of its module, where CPython wrote them when the book
was built.
That a frozen class refuses changes is proven by the tests under CPython; here `frozen` only makes
it hashable.
"""

import sys

_MISSING = object()


class _Factory:
    def __init__(self, make):
        self.make = make


def field(*, default_factory):
    """Say that a value which the caller leaves out is made anew each time."""
    return _Factory(default_factory)


def dataclass(cls=None, *, frozen=False, order=False, slots=False):
    """Give `cls` the methods that its fields imply."""
    if cls is None:
        return lambda cls: dataclass(cls, frozen=frozen, order=order)
    names = sys.modules[cls.__module__]._FIELD_NAMES[cls.__name__]

    def values(self):
        return tuple([getattr(self, name) for name in names])

    def equal(self, other):
        return self.__class__ is other.__class__ and values(self) == values(other)

    def text(self):
        fields = ", ".join([name + "=" + repr(getattr(self, name)) for name in names])
        return cls.__name__ + "(" + fields + ")"

    cls.__field_names__ = names
    cls.__init__ = _init(cls, names)
    cls.__eq__ = equal
    cls.__repr__ = text
    if frozen:
        cls.__hash__ = lambda self: hash(values(self))
    if order:
        cls.__lt__ = lambda self, other: values(self) < values(other)
    return cls


def replace(instance, **changes):
    """Give a copy of `instance` with some fields changed."""
    for name in instance.__field_names__:
        if name not in changes:
            changes[name] = getattr(instance, name)
    return instance.__class__(**changes)


def _init(cls, names):
    """Compile an `__init__` with real parameters: far quicker than one that reads keywords."""
    scope = {"missing": _MISSING}
    parameters, body = ["self"], []
    for name in names:
        default = getattr(cls, name, _MISSING)
        parameter, value = name, name
        if isinstance(default, _Factory):
            scope["make_" + name] = default.make
            parameter = name + "=missing"
            value = "make_" + name + "() if " + name + " is missing else " + name
        elif default is not _MISSING:
            scope["default_" + name] = default
            parameter = name + "=default_" + name
        parameters.append(parameter)
        body.append(" self." + name + "=" + value)
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    exec("def __init__(" + ",".join(parameters) + "):\n" + "\n".join(body or [" pass"]), scope)
    return scope["__init__"]
