"""The model of envelope encryption follows what AWS documents, and never gives a key away."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.models.envelope_encryption.protocol import (
    CACHED,
    CODE,
    DATA_KEY_BYTES,
    DECRYPTED,
    DIRECT,
    ENVELOPE,
    FORGET,
    KMS,
    KMS_KEY,
    MODES,
    OPEN_KEY,
    PLAIN,
    PLAINTEXT_MAX_BYTES,
    REFUSED,
    SEALED,
    SEALED_KEY,
    SEALED_KEY_BYTES,
    STORAGE,
    UNLOCK,
    Item,
    Step,
    story,
    wire_bytes,
)
from labkit.models.envelope_encryption.traffic import Traffic

modes = st.sampled_from(MODES)
sizes = st.one_of(st.integers(1, 10000), st.integers(1, 10**9))
stories = st.builds(story, modes, sizes, st.integers(1, 12), st.integers(1, 12))


def operations(steps: tuple[Step, ...]) -> list[str]:
    return [step.operation for step in steps if step.operation]


# What AWS documents


def test_a_data_key_is_got_used_forgotten_and_asked_back_as_the_api_reference_tells() -> None:
    """GenerateDataKey, "How to use your data key", in the service model of botocore."""
    kinds = [step.kind for step in story(ENVELOPE, 20000, 1)]

    assert kinds == [
        *("start", "ask key", "give key", "lock", "store", "forget"),
        *("fetch", "ask open", "give open", "unlock", "forget"),
    ]


@pytest.mark.parametrize(("size_bytes", "is_refused"), [(4096, False), (4097, True)])
def test_encrypt_takes_4096_bytes_and_no_more(size_bytes: int, is_refused: bool) -> None:
    """Encrypt: "Encrypts plaintext of up to 4,096 bytes"."""
    steps = story(DIRECT, size_bytes, 2)

    assert (steps[-1].kind == REFUSED) is is_refused
    assert Traffic(mode=DIRECT, size_bytes=size_bytes).is_refused is is_refused


def test_an_answer_to_generate_data_key_is_as_long_as_in_the_example() -> None:
    """An answer of KMS to GenerateDataKey for AES_256, with both blobs in base64."""
    blob = "RkIBAHgMxXGERpLXTIIM54OPUp/dXeRYW2ALjX6EVz3skLXeBwG6AEIFFTyHrw6EXSuZxf7gAAAAfjB8Bgkqhk"
    blob += "iG9w0BBwagbzBtAgEAMGgGCSqGSIb3DQEHATAeBglghkgBZQMEAS4wEQQMqsMiCfXkoxHsHbxfAgEQgDunMIdA"
    blob += "hgNqLaI6QtKnw5UrqQhrPezpLSE0fvkUD4yVpkJp1594C8DV6wBohptgrmSVA8B16xU9VK+cWA=="
    plaintext = "p7hbvvuIm0Bg2ZMNpXPWqZq5cKjv1bPj23HYA4d/syM="

    assert len(base64.b64decode(plaintext)) == DATA_KEY_BYTES
    assert len(base64.b64decode(blob)) == SEALED_KEY_BYTES
    assert Traffic(mode=ENVELOPE).wire_bytes_per_call == len(plaintext) + len(blob)


@pytest.mark.parametrize(
    ("mode", "readers", "calls_per_s"),
    [(ENVELOPE, 0, 500), (CACHED, 0, 5), (ENVELOPE, 2, 500 + 1000), (CACHED, 2, 5 + 10)],
)
def test_500_devices_ask_as_often_as_in_the_example_of_the_encryption_sdk(
    mode: str, readers: int, calls_per_s: float
) -> None:
    """Data key caching example: 500 producers, each a record a second, 100 uses, 2 consumers.

    https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/sample-cache-example.html
    """
    stream = Traffic(mode=mode, objects_per_s=500, processes=500, readers=readers, max_messages=100)

    assert stream.calls_per_s == calls_per_s


@pytest.mark.parametrize(
    ("generate_per_s", "decrypt_per_s", "is_throttled"), [(7000, 2000, False), (9500, 1000, True)]
)
def test_operations_share_a_quota_as_in_the_example_of_the_developer_guide(
    generate_per_s: float, decrypt_per_s: float, is_throttled: bool
) -> None:
    """With 10,000 a second, 7,000 and 2,000 are not throttled; 9,500 and 1,000 are.

    https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
    """
    total_per_s = generate_per_s + decrypt_per_s
    stream = Traffic(objects_per_s=total_per_s, readers=0, quota_per_s=10000)

    assert stream.throttled_per_s == (total_per_s - 10000 if is_throttled else 0)


def test_a_million_requests_cost_three_dollars_and_the_key_one() -> None:
    """0.03 USD for 10,000 requests, 1 USD a month for a key."""
    stream = Traffic(objects_per_s=1e6 / (30 * 24 * 3600), readers=0)

    assert stream.usd_per_month == pytest.approx(4.0)


# Who holds what


@settings(derandomize=True, deadline=None)
@given(stories)
def test_no_key_in_the_open_and_no_plaintext_is_ever_stored(steps: tuple[Step, ...]) -> None:
    assert all(item.kind in (SEALED, SEALED_KEY) for step in steps for item in step.storage)


@settings(derandomize=True, deadline=None)
@given(stories)
def test_the_kms_key_stays_where_it_is(steps: tuple[Step, ...]) -> None:
    assert all(step.kms[0] == Item(KMS_KEY) for step in steps)
    elsewhere = [*steps[0].carries]
    for step in steps:
        elsewhere += [*step.carries, *step.code, *step.storage]
    assert Item(KMS_KEY) not in elsewhere


@settings(derandomize=True, deadline=None)
@given(stories)
def test_kms_keeps_nothing_once_it_has_answered(steps: tuple[Step, ...]) -> None:
    assert all(step.kms == (Item(KMS_KEY),) for step in steps if step.target != KMS)


@settings(derandomize=True, deadline=None)
@given(stories)
def test_who_sends_something_had_it(steps: tuple[Step, ...]) -> None:
    """KMS answers with what it makes; everyone else sends and works with what there is."""
    for before, step in itertools.pairwise(steps):
        held = {CODE: before.code, STORAGE: before.storage, KMS: step.carries}[step.source]
        assert set(step.carries) <= set(held), step


@settings(derandomize=True, deadline=None)
@given(st.sampled_from([ENVELOPE, CACHED]), sizes, st.integers(1, 12), st.integers(1, 12))
def test_in_an_envelope_no_object_goes_to_kms(
    mode: str, size_bytes: int, objects: int, reuse: int
) -> None:
    for step in story(mode, size_bytes, objects, reuse):
        if KMS in (step.source, step.target):
            assert all(item.kind in (OPEN_KEY, SEALED_KEY) for item in step.carries)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from([ENVELOPE, CACHED]), st.integers(1, 12), st.integers(1, 12))
def test_each_ciphertext_has_its_key_beside_it_and_no_key_outlives_its_use(
    mode: str, objects: int, reuse: int
) -> None:
    steps = story(mode, 20000, objects, reuse)

    for number in range(objects):
        key = number // (reuse if mode == CACHED else 1) + 1
        pair = steps[-1].storage[2 * number : 2 * number + 2]
        assert pair == (Item(SEALED, number + 1), Item(SEALED_KEY, key))
    for step in steps:
        assert len([item for item in step.code if item.kind == OPEN_KEY]) <= 1
    assert steps[-1].kind == FORGET
    assert all(item.kind == PLAIN for item in steps[-1].code)


@settings(derandomize=True, deadline=None)
@given(stories)
def test_every_object_that_was_stored_is_read_again(steps: tuple[Step, ...]) -> None:
    written = [item for item in steps[-1].storage if item.kind == SEALED]
    read = [step.number for step in steps if step.kind in (UNLOCK, DECRYPTED)]

    assert read == [item.number for item in written]


# How much


@settings(derandomize=True, deadline=None)
@given(modes, st.integers(1, PLAINTEXT_MAX_BYTES), st.integers(1, 40), st.integers(1, 12))
def test_a_story_makes_as_many_calls_and_bytes_as_the_arithmetic_says(
    mode: str, size_bytes: int, keys: int, reuse: int
) -> None:
    objects = keys * reuse
    steps = story(mode, size_bytes, objects, reuse)
    stream = Traffic(mode=mode, size_bytes=size_bytes, max_messages=reuse, max_age_s=10**6)

    calls = 2 * (keys if mode == CACHED else objects)
    assert len(operations(steps)) == calls
    assert stream.calls_per_object * objects == pytest.approx(calls)
    passed = sum(step.wire_bytes for step in steps)
    assert passed == pytest.approx(stream.wire_bytes_per_object * objects)


@settings(derandomize=True, deadline=None)
@given(
    st.floats(0.01, 1e5),
    st.integers(1, 1000),
    st.integers(0, 10),
    st.integers(1, 10**5),
    st.floats(0.1, 1e5),
)
def test_a_cache_never_asks_more_often_and_never_exceeds_its_limits(
    objects_per_s: float, processes: int, readers: int, max_messages: int, max_age_s: float
) -> None:
    given: dict[str, Any] = {"objects_per_s": objects_per_s, "readers": readers}
    plain = Traffic(mode=ENVELOPE, **given)
    cached = Traffic(
        mode=CACHED,
        processes=processes,
        max_messages=max_messages,
        max_age_s=max_age_s,
        **given,
    )

    assert cached.calls_per_s <= plain.calls_per_s
    assert 1 <= cached.objects_per_key <= max_messages
    last_use_s = (cached.objects_per_key - 1) * processes / objects_per_s
    assert last_use_s <= max_age_s * (1 + 1e-6)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, PLAINTEXT_MAX_BYTES))
def test_only_what_is_as_short_as_a_data_key_is_better_off_without_one(size_bytes: int) -> None:
    direct = Traffic(mode=DIRECT, size_bytes=size_bytes)
    envelope = Traffic(mode=ENVELOPE, size_bytes=size_bytes)

    shorter = wire_bytes(size_bytes) <= wire_bytes(DATA_KEY_BYTES)
    assert (direct.wire_bytes_per_object <= envelope.wire_bytes_per_object) is shorter


@given(st.binary(max_size=100))
def test_bytes_are_counted_as_base64(blob: bytes) -> None:
    assert wire_bytes(len(blob)) == len(base64.b64encode(blob))


def test_the_maximum_age_ends_a_key_that_is_used_seldom() -> None:
    seldom = Traffic(mode=CACHED, objects_per_s=1, processes=100, max_age_s=300, max_messages=50)

    assert seldom.objects_per_key == 4  # at 0, 100, 200 and 300 s
    assert seldom.ages_out
    assert not Traffic(mode=CACHED, max_messages=50).ages_out


def test_the_time_is_the_round_trip_the_wire_and_the_work_at_home() -> None:
    given: dict[str, Any] = {"round_trip_s": 0.02, "bytes_per_s": 1000.0}

    assert Traffic(mode=DIRECT, size_bytes=300, **given).encrypt_s == pytest.approx(
        0.02 + (400 + 604) / 1000
    )
    assert Traffic(mode=ENVELOPE, size_bytes=2e9, **given).encrypt_s == pytest.approx(
        0.02 + 0.292 + 2
    )
    assert Traffic(mode=CACHED, size_bytes=2e9, max_messages=10, **given).encrypt_s == (
        pytest.approx(0.0312 + 2)
    )


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"mode": "none"}, "There is no mode 'none'"),
        ({"size_bytes": 0}, "size_bytes must be 1 to"),
        ({"max_messages": 2**32 + 1}, "max_messages must be 1 to 4294967296"),
        ({"max_age_s": 0}, "max_age_s must be"),
        ({"processes": 0}, "processes must be 1"),
        ({"readers": -1}, "readers must be 0"),
    ],
)
def test_a_stream_that_cannot_be_is_refused(wrong: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Traffic(**wrong)


def test_a_story_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="There is no mode"):
        story("both", 10, 1)
    with pytest.raises(UsageError, match="objects must be 1 to 1000, got 0"):
        story(DIRECT, 10, 0)
