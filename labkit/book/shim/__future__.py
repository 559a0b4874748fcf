"""MicroPython has no such module; it never evaluates annotations anyway."""

annotations = None
