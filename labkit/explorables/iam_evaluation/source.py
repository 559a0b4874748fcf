"""The text of a policy while it is being written: where each part stands, and what is no JSON.

Python's own reader says neither where a part stands nor, in the page, where it gave up. This one
keeps the place of everything under the path by which `labkit.policy.validate` names it, and stops
at the first thing that is no JSON, with words for the person who typed it.
"""

from __future__ import annotations

DEPTH_MAX = 50
_SPACE = " \t\r\n"
_ENDS = _SPACE + ',:[]{}"'
_QUOTES = "'\u2018\u2019\u201c\u201d"
_ESCAPES = '"\\/bfnrt'
_HEX = "0123456789abcdefABCDEF"
_PAIRS = {"{": "}", "[": "]"}


class NoJson(Exception):
    """The text is no JSON: `says` why, and `offset` is where."""

    def __init__(self, offset: int, says: str) -> None:
        self.offset = offset
        self.says = says
        super().__init__(says)


class Source:
    """A text read once: `places` maps paths to offsets, `problem` is what is no JSON, if anything.

    `repeated` holds the offsets of names that stand twice in their object, the later ones.

    >>> Source('{"Statement": [{"Sid": "Read"}]}').place("Statement[0].Sid")
    16
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[str, int] = {}
        self.repeated: list[int] = []
        self.problem: NoJson | None = None
        self._at = 0
        try:
            self._value("", 0)
            self._space()
            if self._at < len(text):
                raise NoJson(self._at, "Nothing may stand after the end.")
        except NoJson as problem:
            self.problem = problem

    def place(self, path: str) -> int:
        """Where the part of that path stands, or the nearest part around it that is there."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._start()

    def line(self, offset: int) -> int:
        """The line of an offset; the first is 1."""
        return self.text[:offset].count("\n") + 1

    def column(self, offset: int) -> int:
        """The column of an offset in its line; the first is 1."""
        return offset - self.text[:offset].rfind("\n")

    def _start(self) -> int:
        self._at = 0
        self._space()
        return min(self._at, max(0, len(self.text) - 1))

    def _next(self) -> str:
        return self.text[self._at : self._at + 1]

    def _space(self) -> None:
        text, at = self.text, self._at
        while at < len(text) and text[at] in _SPACE:
            at += 1
        self._at = at

    def _value(self, path: str, depth: int) -> None:
        self._space()
        first = self._next()
        if depth > DEPTH_MAX:
            raise NoJson(self._at, f"This is nested more than {DEPTH_MAX} deep.")
        if first == "{":
            # A single statement need not stand in a list; its path counts it all the same.
            if path == "Statement":
                path = "Statement[0]"
                self.places[path] = self._at
            self._object(path, depth)
        elif first == "[":
            self._list(path, depth)
        elif first == '"':
            self._string()
        else:
            self._word()

    def _object(self, path: str, depth: int) -> None:
        opened = self._at
        self._at += 1
        if self._is_empty("}"):
            return
        names = []
        while True:
            self._space()
            start = self._at
            name = self._name(opened)
            if name in names:
                self.repeated.append(start)
            names.append(name)
            where = f"{path}.{name}" if path else name
            self.places[where] = start
            self._value(where, depth + 1)
            if self._ends(opened):
                return

    def _list(self, path: str, depth: int) -> None:
        opened = self._at
        self._at += 1
        if self._is_empty("]"):
            return
        index = 0
        while True:
            self._space()
            where = f"{path}[{index}]"
            self.places[where] = self._at
            self._value(where, depth + 1)
            index += 1
            if self._ends(opened):
                return

    def _is_empty(self, closing: str) -> bool:
        self._space()
        if self._next() != closing:
            return False
        self._at += 1
        return True

    def _name(self, opened: int) -> str:
        """A name and the colon after it."""
        start = self._at
        if self._next() == "":
            raise self._never_closed(opened)
        if self._next() != '"':
            raise NoJson(start, "A name in straight double quotation marks belongs here.")
        self._string()
        name = self.text[start + 1 : self._at - 1]
        end = self._at - 1
        self._space()
        if self._next() != ":":
            raise NoJson(end, "A colon is missing after this name.")
        self._at += 1
        return name

    def _ends(self, opened: int) -> bool:
        """Whether the object or list opened there ends here; otherwise a comma is passed."""
        last = self._at - 1
        closing = _PAIRS[self.text[opened]]
        self._space()
        found = self._next()
        if found == closing:
            self._at += 1
            return True
        if found == "":
            raise self._never_closed(opened)
        if found in "]}":
            says = f"The {self.text[opened]} of line {self.line(opened)} ends with {closing}."
            raise NoJson(self._at, says)
        if found != ",":
            raise NoJson(last, "A comma is missing after this.")
        comma = self._at
        self._at += 1
        self._space()
        if self._next() and self._next() in "]}":
            raise NoJson(comma, f"No comma stands before {self._next()}.")
        return False

    def _never_closed(self, opened: int) -> NoJson:
        return NoJson(opened, f"This {self.text[opened]} is never closed.")

    def _string(self) -> None:
        text, start = self.text, self._at
        at = start + 1
        while at < len(text) and text[at] != '"':
            if text[at] < " ":
                raise NoJson(start, "This text has no closing quotation mark on its line.")
            if text[at] == "\\":
                at = self._escape(at)
            at += 1
        if at >= len(text):
            raise NoJson(start, "This text has no closing quotation mark.")
        self._at = at + 1

    def _escape(self, at: int) -> int:
        """Where an escape ends that begins at a backslash."""
        mark = self.text[at + 1 : at + 2]
        if mark and mark in _ESCAPES:
            return at + 1
        digits = self.text[at + 2 : at + 6]
        if mark != "u" or len(digits) < 4 or not all(digit in _HEX for digit in digits):
            raise NoJson(at, r"A backslash stands before one of \" \\ \/ \b \f \n \r \t or \u0000.")
        return at + 5

    def _word(self) -> None:
        """true, false, null or a number; anything else is no value."""
        text, start = self.text, self._at
        at = start
        while at < len(text) and text[at] not in _ENDS:
            at += 1
        word = text[start:at]
        if not word:
            raise NoJson(min(start, len(text)), "A value is missing here.")
        if word[0] in _QUOTES:
            raise NoJson(start, "JSON takes straight double quotation marks.")
        if word not in ("true", "false", "null") and not _is_number(word):
            raise NoJson(start, f"{word} is no value: a text stands in double quotation marks.")
        self._at = at


def _is_number(word: str) -> bool:
    """Whether JSON takes the word as a number: no leading zero, digits on both sides of a dot."""
    digits = word[1:] if word[0] == "-" else word
    whole, exponent, power = digits.replace("E", "e").partition("e")
    whole, dot, fraction = whole.partition(".")
    if exponent and power[:1] in ("+", "-"):
        power = power[1:]
    for part, needed in ((whole, True), (fraction, bool(dot)), (power, bool(exponent))):
        if needed and not (part and all("0" <= digit <= "9" for digit in part)):
            return False
    return whole == "0" or whole[0] != "0"
