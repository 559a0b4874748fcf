"""IPv4 and IPv6 addresses and CIDR ranges as integers; the page's Python has no ipaddress."""

from __future__ import annotations

from labkit.policy.digits import is_digits

V4_BITS, V6_BITS = 32, 128
_V4_PARTS, _V6_PARTS = 4, 8
_BYTE, _WORD = 0xFF, 0xFFFF


def parse_network(text: str) -> tuple[int, int, int] | None:
    """(bits of the family, address, prefix length), or None for a text that is no range.

    >>> parse_network("10.0.0.0/8")
    (32, 167772160, 8)
    """
    slash = text.find("/")
    address = text if slash < 0 else text[:slash]
    value = _v6(address) if ":" in address else _v4(address)
    if value is None:
        return None
    bits = V6_BITS if ":" in address else V4_BITS
    if slash < 0:
        return bits, value, bits
    length = text[slash + 1 :]
    if not is_digits(length) or int(length) > bits:
        return None
    return bits, value, int(length)


def contains(network: tuple[int, int, int], address: tuple[int, int, int]) -> bool:
    """Whether the address lies in the network; the two families never meet."""
    bits, base, length = network
    if bits != address[0] or address[2] < length:
        return False
    shift = bits - length
    return base >> shift == address[1] >> shift


def _v4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != _V4_PARTS:
        return None
    value = 0
    for part in parts:
        if not is_digits(part) or len(part) > 3 or int(part) > _BYTE:
            return None
        value = value << 8 | int(part)
    return value


def _v6(text: str) -> int | None:
    if text.count("::") > 1 or ":::" in text:
        return None
    head, gap, tail = text, "", ""
    at = text.find("::")
    if at >= 0:
        head, gap, tail = text[:at], "::", text[at + 2 :]
    left = _words(head)
    right = _words(tail)
    if left is None or right is None:
        return None
    missing = _V6_PARTS - len(left) - len(right)
    if missing < (1 if gap else 0) or (missing and not gap):
        return None
    value = 0
    for word in left + [0] * missing + right:
        value = value << 16 | word
    return value


def _words(text: str) -> list[int] | None:
    """The 16-bit words of a stretch of an IPv6 address, with a dotted IPv4 tail counted as two."""
    words: list[int] = []
    if not text:
        return words
    parts = text.split(":")
    for i in range(len(parts)):
        part = parts[i]
        if "." in part and i == len(parts) - 1:
            v4 = _v4(part)
            if v4 is None:
                return None
            words.append(v4 >> 16)
            words.append(v4 & _WORD)
            continue
        if not part or len(part) > 4:
            return None
        try:
            words.append(int(part, 16))
        except ValueError:
            return None
    return words
