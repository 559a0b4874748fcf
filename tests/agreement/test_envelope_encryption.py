"""The model's story and the sandbox's KMS make the same calls, with the same bytes.

The story is acted out through boto3: KMS is the sandbox's with its rules, storage is a dict, and
what is encrypted at home is encrypted with AES-GCM. The bodies of all requests and answers are
read as they pass; the blobs in them must be as many and as long as the model says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.fidelity import open_sandbox
from labkit.models.envelope_encryption.protocol import (
    CACHED,
    DIRECT,
    ENVELOPE,
    MODES,
    PLAINTEXT_MAX_BYTES,
    REFUSED,
    story,
)
from labkit.sandbox import Sandbox

BLOBS = ("Plaintext", "CiphertextBlob")
IV_BYTES = 12


@dataclass
class OnSandbox:
    """A shop that encrypts its receipts with the sandbox's KMS."""

    sandbox: Sandbox
    calls: list[str] = field(default_factory=list)
    wire_bytes: int = 0
    stored: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kms = self.sandbox.client("kms")
        self.key_id = self.kms.create_key()["KeyMetadata"]["KeyId"]
        events = self.kms.meta.events
        events.register("before-call.kms", self.note_request)
        events.register("after-call.kms", self.note_answer)

    def note_request(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        """The blobs of a request, as they stand in its body."""
        self.calls.append(model.name)
        body = json.loads(params["body"])
        self.wire_bytes += sum(len(body.get(name, "")) for name in BLOBS)

    def note_answer(self, parsed: dict[str, Any], **_: Any) -> None:
        """The blobs of an answer, which botocore has decoded from base64."""
        blobs = [parsed[name] for name in BLOBS if name in parsed]
        self.wire_bytes += sum((len(blob) + 2) // 3 * 4 for blob in blobs)

    def overhead_bytes(self) -> int:
        """How much longer the sandbox's KMS makes what it encrypts."""
        answer = self.kms.generate_data_key(KeyId=self.key_id, KeySpec="AES_256")
        self.calls.clear()
        self.wire_bytes = 0
        return len(answer["CiphertextBlob"]) - len(answer["Plaintext"])

    def write_directly(self, receipts: list[bytes]) -> list[bytes]:
        for number, receipt in enumerate(receipts):
            made = self.kms.encrypt(KeyId=self.key_id, Plaintext=receipt)
            self.stored[number] = (made["CiphertextBlob"], b"")
        return [
            self.kms.decrypt(CiphertextBlob=self.stored[number][0])["Plaintext"]
            for number in range(len(receipts))
        ]

    def write_in_envelopes(self, receipts: list[bytes], reuse: int) -> list[bytes]:
        for number, receipt in enumerate(receipts):
            if number % reuse == 0:
                made = self.kms.generate_data_key(KeyId=self.key_id, KeySpec="AES_256")
            iv = os.urandom(IV_BYTES)
            sealed = iv + AESGCM(made["Plaintext"]).encrypt(iv, receipt, None)
            self.stored[number] = (sealed, made["CiphertextBlob"])
        read = []
        known: dict[bytes, bytes] = {}
        for number in range(len(receipts)):
            sealed, sealed_key = self.stored[number]
            if sealed_key not in known:
                answer = self.kms.decrypt(CiphertextBlob=sealed_key)
                known = {sealed_key: answer["Plaintext"]}
            iv = sealed[:IV_BYTES]
            read.append(AESGCM(known[sealed_key]).decrypt(iv, sealed[IV_BYTES:], None))
        return read


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = open_sandbox("agreement")
    yield opened
    opened.close()


def receipts(count: int, size_bytes: int) -> list[bytes]:
    return [bytes([number]) * size_bytes for number in range(count)]


def agree(sandbox: Sandbox, mode: str, size_bytes: int, count: int, reuse: int) -> None:
    """The shop reads what it wrote, with the calls and bytes of the model."""
    shop = OnSandbox(sandbox)
    steps = story(mode, size_bytes, count, reuse, shop.overhead_bytes())
    written = receipts(count, size_bytes)

    if mode == DIRECT:
        read = shop.write_directly(written)
    else:
        read = shop.write_in_envelopes(written, reuse if mode == CACHED else 1)

    assert read == written
    assert shop.calls == [step.operation for step in steps if step.operation]
    assert shop.wire_bytes == sum(step.wire_bytes for step in steps)


@pytest.mark.parametrize("mode", MODES)
def test_they_agree_on_three_receipts(mode: str, sandbox: Sandbox) -> None:
    agree(sandbox, mode, 2000, 3, 2)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(
    st.sampled_from(MODES),
    st.integers(1, PLAINTEXT_MAX_BYTES),
    st.integers(1, 7),
    st.integers(1, 7),
)
def test_they_agree_on_any_story(mode: str, size_bytes: int, count: int, reuse: int) -> None:
    opened = open_sandbox("agreement")
    try:
        agree(opened, mode, size_bytes, count, reuse)
    finally:
        opened.close()


@pytest.mark.parametrize("mode", [ENVELOPE, CACHED])
def test_they_agree_that_an_envelope_takes_any_size(mode: str, sandbox: Sandbox) -> None:
    agree(sandbox, mode, 300_000, 2, 2)


@pytest.mark.parametrize("size_bytes", [1, PLAINTEXT_MAX_BYTES, PLAINTEXT_MAX_BYTES + 1, 9000])
def test_they_agree_on_what_encrypt_refuses(size_bytes: int, sandbox: Sandbox) -> None:
    shop = OnSandbox(sandbox)
    steps = story(DIRECT, size_bytes, 1, overhead_bytes=shop.overhead_bytes())

    code = ""
    try:
        shop.write_directly(receipts(1, size_bytes))
    except ClientError as error:
        code = error.response["Error"]["Code"]

    assert (code == "ValidationException") is (steps[-1].kind == REFUSED)
    assert bool(shop.stored) is bool(steps[-1].storage)
    assert shop.wire_bytes == sum(step.wire_bytes for step in steps)


def test_storage_alone_opens_nothing(sandbox: Sandbox) -> None:
    """The encrypted data key is of no use as a key, nor to another KMS key."""
    shop = OnSandbox(sandbox)
    shop.write_in_envelopes(receipts(1, 100), 1)
    sealed, sealed_key = shop.stored[0]
    other = shop.kms.create_key()["KeyMetadata"]["KeyId"]

    with pytest.raises(InvalidTag):
        AESGCM(sealed_key[:32]).decrypt(sealed[:IV_BYTES], sealed[IV_BYTES:], None)
    with pytest.raises(ClientError, match="IncorrectKeyException"):
        shop.kms.decrypt(CiphertextBlob=sealed_key, KeyId=other)
