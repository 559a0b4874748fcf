"""What happens in each step, in a title and at most two lines of about 46 letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.envelope_encryption.shop import RECEIPTS, size_text, told, traffic
from labkit.models.envelope_encryption import protocol as does

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.envelope_encryption.protocol import Step

    Caption = tuple[str, str]

LIMIT = number_text(does.PLAINTEXT_MAX_BYTES)

# kind of step → title and text; pairs, since a dict keeps no order in the page
CAPTIONS = (
    (
        does.START,
        "Three receipts are to be stored",
        "Your code holds the first one in plaintext.<br>KMS holds the KMS key.",
    ),
    (does.ENCRYPT, "Encrypt", "The receipt itself goes to KMS."),
    (
        does.ENCRYPTED,
        "KMS answers",
        "The ciphertext comes back,<br>a little longer than the receipt.",
    ),
    (does.DECRYPT, "Decrypt", "The whole ciphertext goes to KMS again."),
    (does.DECRYPTED, "KMS answers", "The receipt comes back in plaintext."),
    (
        does.ASK_KEY,
        "GenerateDataKey",
        "Your code asks for a data key.<br>Not a byte of the receipt goes along.",
    ),
    (
        does.GIVE_KEY,
        "KMS answers, and keeps neither",
        "One data key, twice: in plaintext,<br>and encrypted under the KMS key.",
    ),
    (
        does.LOCK,
        "Encrypt in your own memory",
        "The plaintext data key encrypts the receipt.<br>KMS has no part in it.",
    ),
    (does.STORE, "Store", "The ciphertext and, beside it,<br>the encrypted data key."),
    (
        does.FORGET,
        "Forget the data key",
        "The plaintext key is erased. Who takes what is<br>stored now cannot open it without KMS.",
    ),
    (does.FETCH, "Fetch", "The ciphertext and its encrypted data key<br>come back from storage."),
    (
        does.ASK_OPEN,
        "Decrypt",
        "The encrypted data key goes to KMS.<br>The receipt stays where it is.",
    ),
    (
        does.GIVE_OPEN,
        "KMS answers",
        "It has decrypted the data key with the KMS key,<br>because a policy lets you ask.",
    ),
    (does.UNLOCK, "Decrypt in your own memory", "The plaintext data key opens the receipt."),
)

WITHOUT_KEYS = {
    does.STORE: ("Store", "The ciphertext alone goes to storage."),
    does.FETCH: ("Fetch", "The ciphertext comes back from storage."),
}


def caption(values: dict[str, Any], step: Step) -> Caption:
    """The title and the text of a step."""
    if step.kind == does.REFUSED:
        size = size_text(step_size(values))
        return (
            "ValidationException",
            f"Encrypt takes at most {LIMIT} bytes,<br>and this has {size}.",
        )
    if values["mode"] == does.DIRECT and step.kind in WITHOUT_KEYS:
        return WITHOUT_KEYS[step.kind]
    if step.kind in (does.LOCK, does.UNLOCK) and _again(values, step):
        what = "Encrypt" if step.kind == does.LOCK else "Decrypt"
        known = f"Data key {step.carries[0].number} is still in the cache:<br>no call to KMS."
        return f"{what} in your own memory, again", known
    if step.kind == does.FORGET and values["mode"] == does.CACHED:
        return "Forget the data key", _why_forgotten(values, step)
    return next((title, says) for kind, title, says in CAPTIONS if kind == step.kind)


def ending(values: dict[str, Any]) -> Caption:
    """What is left to say once all steps are done."""
    steps = told(values)
    if steps[-1].kind == does.REFUSED:
        return caption(values, steps[-1])
    calls = len([step for step in steps if step.operation])
    title = f"{RECEIPTS} receipts written and read: {calls} calls"
    if values["mode"] == does.DIRECT:
        return title, "Every byte of each receipt went through KMS,<br>there and back, twice."
    return title, "KMS saw keys only, and storage has nothing<br>that opens what it holds."


def step_size(values: dict[str, Any]) -> float:
    """How long the receipts are."""
    size: float = values["size_bytes"]
    return size


def _again(values: dict[str, Any], step: Step) -> bool:
    """Whether a data key is used for another receipt than the first."""
    return (step.number - 1) % traffic(values).objects_per_key != 0


def _why_forgotten(values: dict[str, Any], step: Step) -> str:
    reuse = traffic(values).objects_per_key
    if step.number % reuse == 0 and not traffic(values).ages_out:
        times = "1 receipt" if reuse == 1 else f"{number_text(reuse)} receipts"
        return f"It has served {times}, the most it may."
    return "It has reached its maximum age in the cache.<br>What is stored stays sealed."
