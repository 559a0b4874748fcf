"""A few objects are encrypted, stored, fetched and decrypted again, step by step.

direct     Your code sends the object to KMS and gets the ciphertext back.
envelope   Your code asks KMS for a data key, encrypts with it at home, stores the encrypted data
           key beside the ciphertext, and forgets the data key.
cached     The same, but the data key is kept for some more objects before it is forgotten.

KMS keeps nothing but the KMS key: what it is sent, and what it makes, is gone with its answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.errors import UsageError
from labkit.facts import fact
from labkit.models.limits import within

if TYPE_CHECKING:
    Items = tuple["Item", ...]

DIRECT, ENVELOPE, CACHED = "direct", "envelope", "cached"
MODES = (DIRECT, ENVELOPE, CACHED)
CODE, KMS, STORAGE = "your code", "KMS", "storage"

# What a party can hold.
PLAIN, SEALED = "plaintext", "ciphertext"
OPEN_KEY, SEALED_KEY = "data key", "encrypted data key"
KMS_KEY = "KMS key"

# The steps.
START = "start"
ENCRYPT, ENCRYPTED, REFUSED = "encrypt", "encrypted", "refused"
ASK_KEY, GIVE_KEY, LOCK = "ask key", "give key", "lock"
STORE, FETCH = "store", "fetch"
DECRYPT, DECRYPTED = "decrypt", "decrypted"
ASK_OPEN, GIVE_OPEN, UNLOCK = "ask open", "give open", "unlock"
FORGET = "forget"

# The steps that are a request to KMS, and the operation that each asks for.
OPERATIONS = (
    (ENCRYPT, "Encrypt"),
    (ASK_KEY, "GenerateDataKey"),
    (DECRYPT, "Decrypt"),
    (ASK_OPEN, "Decrypt"),
)
PLAINTEXT_MAX_BYTES = int(fact("kms.plaintext_max_bytes"))
DATA_KEY_BYTES = int(fact("kms.data_key_aes_256_bits")) // 8
SEALED_KEY_BYTES = int(fact("kms.encrypted_data_key_bytes"))
OVERHEAD_BYTES = SEALED_KEY_BYTES - DATA_KEY_BYTES  # what a ciphertext of KMS is longer by


def check_mode(mode: str) -> None:
    """Nothing happens when `mode` is one of MODES; otherwise a UsageError that lists them."""
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}.", f"There are {', '.join(MODES)}.")


def wire_bytes(blob_bytes: float) -> float:
    """How long so many bytes are in a request to KMS: they travel as base64 within JSON.

    >>> wire_bytes(32), wire_bytes(0)
    (44, 0)
    """
    return (blob_bytes + 2) // 3 * 4


@dataclass(frozen=True, order=True)
class Item:
    """Something to hold or to send: an object or a data key, by its number, open or sealed."""

    kind: str
    number: int = 0


@dataclass(frozen=True)
class Step:
    """What happens: `carries` goes from one party to another, or one of them works at home.

    Then each party holds what `code`, `kms` and `storage` list. `blobs_bytes` are the lengths of
    what passes between your code and KMS.
    """

    kind: str
    source: str
    target: str
    carries: Items
    number: int  # of the object that it is for
    blobs_bytes: tuple[float, ...]
    code: Items
    kms: Items
    storage: Items

    @property
    def operation(self) -> str:
        """The operation that this step asks KMS for, or nothing."""
        for kind, operation in OPERATIONS:
            if kind == self.kind:
                return operation
        return ""

    @property
    def wire_bytes(self) -> float:
        """How many bytes of objects and keys, as base64, pass to or from KMS."""
        return sum([wire_bytes(blob) for blob in self.blobs_bytes])


def story(
    mode: str,
    size_bytes: float,
    objects: int,
    reuse: int = 1,
    overhead_bytes: float = OVERHEAD_BYTES,
) -> tuple[Step, ...]:
    """Every step of writing so many objects and then reading each once, START being the first.

    `reuse` is how many objects a cached data key encrypts. An object that is too long for Encrypt
    ends the story with REFUSED. `overhead_bytes` is what KMS adds to what it encrypts.
    """
    check_mode(mode)
    within("objects", objects, 1, 1000)
    within("reuse", reuse, 1, 10**12)
    within("size_bytes", size_bytes, 1, 10**12)
    told = _Story(mode, size_bytes, overhead_bytes)
    if mode == DIRECT:
        told.write_directly(objects)
    else:
        told.write_in_envelopes(objects, reuse if mode == CACHED else 1)
    return tuple(told.steps)


class _Story:
    """The steps so far, and what each party holds after them."""

    def __init__(self, mode: str, size_bytes: float, overhead_bytes: float) -> None:
        self.mode = mode
        self.size_bytes = size_bytes
        self.overhead_bytes = overhead_bytes
        self.code = [Item(PLAIN, 1)]
        self.kms = [Item(KMS_KEY)]
        self.storage: list[Item] = []
        self.number = 1
        self.steps: list[Step] = []
        self.tell(START, CODE, CODE)

    def tell(self, kind: str, source: str, target: str, *carries: Item) -> None:
        """Write a step down: whoever receives has what was carried."""
        between = KMS in (source, target)
        self.steps.append(
            Step(
                kind,
                source,
                target,
                carries,
                self.number,
                tuple([self.length(item) for item in carries]) if between else (),
                tuple(self.code),
                tuple(self.kms),
                tuple(self.storage),
            )
        )

    def length(self, item: Item) -> float:
        """How many bytes an object or key has, as KMS sends or receives it."""
        plain = DATA_KEY_BYTES if item.kind in (OPEN_KEY, SEALED_KEY) else self.size_bytes
        return plain + (self.overhead_bytes if item.kind in (SEALED, SEALED_KEY) else 0)

    def write_directly(self, objects: int) -> None:
        for self.number in range(1, objects + 1):
            plain, sealed = Item(PLAIN, self.number), Item(SEALED, self.number)
            self.code = [plain]
            self.kms.append(plain)
            self.tell(ENCRYPT, CODE, KMS, plain)
            del self.kms[1:]
            if self.size_bytes > PLAINTEXT_MAX_BYTES:
                self.tell(REFUSED, KMS, CODE)
                return
            self.code = [plain, sealed]
            self.tell(ENCRYPTED, KMS, CODE, sealed)
            self.storage.append(sealed)
            self.code = [Item(PLAIN, self.number + 1)] if self.number < objects else []
            self.tell(STORE, CODE, STORAGE, sealed)
        for self.number in range(1, objects + 1):
            plain, sealed = Item(PLAIN, self.number), Item(SEALED, self.number)
            self.code = [sealed]
            self.tell(FETCH, STORAGE, CODE, sealed)
            self.kms.append(sealed)
            self.tell(DECRYPT, CODE, KMS, sealed)
            del self.kms[1:]
            self.code = [plain]
            self.tell(DECRYPTED, KMS, CODE, plain)

    def write_in_envelopes(self, objects: int, reuse: int) -> None:
        for self.number in range(1, objects + 1):
            key = (self.number - 1) // reuse + 1
            if (self.number - 1) % reuse == 0:
                self.new_key(key)
            self.lock_and_store(key, objects)
            if self.number % reuse == 0 or self.number == objects:
                self.forget(key)
        for self.number in range(1, objects + 1):
            key = (self.number - 1) // reuse + 1
            self.fetch(key)
            if (self.number - 1) % reuse == 0:
                self.open_key(key)
            self.code = [one for one in self.code if one.kind == OPEN_KEY]
            self.code.insert(0, Item(PLAIN, self.number))
            self.tell(UNLOCK, CODE, CODE, Item(OPEN_KEY, key))
            if self.number % reuse == 0 or self.number == objects:
                self.forget(key)

    def new_key(self, key: int) -> None:
        both = (Item(OPEN_KEY, key), Item(SEALED_KEY, key))
        self.kms += both
        self.tell(ASK_KEY, CODE, KMS)
        del self.kms[1:]
        self.code += both
        self.tell(GIVE_KEY, KMS, CODE, *both)

    def lock_and_store(self, key: int, objects: int) -> None:
        sealed, sealed_key = Item(SEALED, self.number), Item(SEALED_KEY, key)
        self.code[0] = sealed
        self.tell(LOCK, CODE, CODE, Item(OPEN_KEY, key))
        self.storage += [sealed, sealed_key]
        self.code = self.code[1:]
        if self.number < objects:
            self.code.insert(0, Item(PLAIN, self.number + 1))
        self.tell(STORE, CODE, STORAGE, sealed, sealed_key)

    def fetch(self, key: int) -> None:
        sealed, sealed_key = Item(SEALED, self.number), Item(SEALED_KEY, key)
        opened = [one for one in self.code if one.kind == OPEN_KEY]
        self.code = [sealed]
        self.code += opened
        self.code.append(sealed_key)
        self.tell(FETCH, STORAGE, CODE, sealed, sealed_key)

    def open_key(self, key: int) -> None:
        sealed_key, opened = Item(SEALED_KEY, key), Item(OPEN_KEY, key)
        self.kms.append(sealed_key)
        self.tell(ASK_OPEN, CODE, KMS, sealed_key)
        del self.kms[1:]
        self.code.append(opened)
        self.tell(GIVE_OPEN, KMS, CODE, opened)

    def forget(self, key: int) -> None:
        self.code = [one for one in self.code if one.kind not in (OPEN_KEY, SEALED_KEY)]
        self.tell(FORGET, CODE, CODE, Item(OPEN_KEY, key))
