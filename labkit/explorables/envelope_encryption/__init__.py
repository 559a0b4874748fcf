"""Why ask KMS for a key, when you could send it what you want encrypted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import Choice, Playhead, Slider, number_text
from labkit.explorables.envelope_encryption.curve import (
    BYTES,
    SIZE_MAX_BYTES,
    SIZE_MIN_BYTES,
    TIME,
)
from labkit.explorables.envelope_encryption.figure import figure
from labkit.explorables.envelope_encryption.scene import moment
from labkit.explorables.envelope_encryption.shop import QUOTAS, SizeSlider, told
from labkit.explorables.envelope_encryption.tasks import TASKS
from labkit.explorables.envelope_encryption.words import numbers, path, reading
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.models.envelope_encryption.protocol import CACHED, DIRECT, ENVELOPE

if TYPE_CHECKING:
    from typing import Any

GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide/"
SDK = "https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/"
BEYOND_EVERY_STEP = 1000


def _last_step(values: dict[str, Any]) -> float:
    return len(told(values)) - 1


def _where(values: dict[str, Any]) -> str:
    return f"step {moment(values).index} of {len(told(values)) - 1}"


EXPLORABLE = Explorable(
    slug="envelope_encryption",
    title="A key in an envelope",
    question="Why ask KMS for a key, when you could send it what you want encrypted?",
    controls=(
        Choice(
            "mode",
            "How a receipt is encrypted",
            (
                (DIRECT, "directly: KMS encrypts it"),
                (ENVELOPE, "in an envelope: a data key for each"),
                (CACHED, "in envelopes, data keys cached"),
            ),
            ENVELOPE,
        ),
        SizeSlider(
            "size_bytes",
            "Size of a receipt",
            SIZE_MIN_BYTES,
            SIZE_MAX_BYTES,
            20000,
            log=True,
            whole=True,
        ),
        Slider("objects_per_s", "Receipts written", 1, 100000, 100, unit="a second", log=True),
        Slider(
            "max_messages",
            "A cached data key serves",
            1,
            100000,
            50,
            unit="receipts",
            log=True,
            whole=True,
            help="The maximum number of messages; it matters with a cache only.",
        ),
        Slider(
            "max_age_s",
            "Maximum age of a cached key",
            1,
            1000,
            300,
            unit="s",
            log=True,
            whole=True,
            more=True,
        ),
        Slider(
            "processes",
            "Processes that write",
            1,
            1000,
            1,
            log=True,
            whole=True,
            more=True,
            help="They share the receipts; each has a cache of its own.",
        ),
        Slider(
            "readers",
            "Readers of each receipt",
            0,
            10,
            1,
            more=True,
            help="They read in the order of writing.",
        ),
        Choice(
            "quota_per_s",
            "Region",
            tuple([(quota, f"{where}: {number_text(quota)}/s") for quota, where in QUOTAS]),
            QUOTAS[0][0],
            more=True,
            help="The default quota of cryptographic operations with symmetric keys.",
        ),
        Slider("round_trip_ms", "Round trip to KMS", 1, 200, 10, unit="ms", log=True, more=True),
        Slider(
            "speed_mbit_per_s",
            "Network to KMS",
            0.1,
            10000,
            1000,
            unit="Mbit/s",
            log=True,
            more=True,
        ),
        Choice(
            "curve",
            "The curve shows",
            ((BYTES, "bytes to and from KMS"), (TIME, "time to encrypt")),
            BYTES,
            more=True,
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    path=path,
    playhead=Playhead(
        "at",
        "The steps of three receipts",
        _last_step,
        1,
        BEYOND_EVERY_STEP,
        steps_per_s=1,
        replay=True,
        where=_where,
    ),
    tasks=TASKS,
    presets=(
        Preset(
            "direct",
            "Send it to KMS",
            {"mode": DIRECT, "size_bytes": 2000},
            "Watch what goes to KMS: the receipt itself, in plaintext when it is encrypted and as "
            "a ciphertext when it is decrypted.",
        ),
        Preset(
            "wall",
            "Send it more than it takes",
            {"mode": DIRECT, "size_bytes": 20000},
            "The same call with a longer receipt. There is no larger setting and no quota to "
            "raise.",
        ),
        Preset(
            "envelope",
            "Send it a question instead",
            {"mode": ENVELOPE},
            "Follow the data key: who has it in plaintext, from when and until when? What is "
            "stored beside the ciphertext?",
        ),
        Preset(
            "cached",
            "Ask less often",
            {"mode": CACHED, "objects_per_s": 1000},
            "The second receipt needs no call. The price: the plaintext key stays in memory, and "
            "many receipts hang on it.",
        ),
        Preset(
            "fleet",
            "500 devices, as in AWS's example",
            {
                "mode": CACHED,
                "objects_per_s": 500,
                "processes": 500,
                "readers": 2,
                "max_messages": 100,
            },
            "Each device writes once a second and uses a key 100 times. Halve the rate or shorten "
            "the maximum age under More, and watch the cache lose.",
        ),
    ),
    not_modelled=(
        "Bytes are those of objects and keys, as base64; headers and TLS add about the same to "
        "every call.",
        "A ciphertext of KMS is taken to be 152 bytes longer than its plaintext, as the example "
        "in AWS's documentation is; AWS promises no number.",
        "At home, encryption takes 1 GB a second, about what one core does with AES-GCM.",
        "The way to storage is left out: it is about the same in every mode.",
        "A request beyond the quota is not sent again. Calls that AWS services make for you count "
        "towards the same quota.",
        "The AWS Encryption SDK can also limit the bytes under a key, and encrypts each object "
        "with a key that it derives from the cached one.",
        "S3 Bucket Keys do much the same inside S3, for a time that AWS does not tell: there S3 "
        "is “your code”.",
    ),
    sources=(
        Source(
            "GenerateDataKey",
            "https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html",
        ),
        Source("Data keys", GUIDE + "data-keys.html"),
        Source("Request quotas", GUIDE + "requests-per-second.html"),
        Source("Data key caching", SDK + "data-key-caching.html"),
        Source("The example with 500 devices", SDK + "sample-cache-example.html"),
        Source(
            "S3 Bucket Keys",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
        ),
        Source("Prices", "https://aws.amazon.com/kms/pricing/"),
    ),
)
