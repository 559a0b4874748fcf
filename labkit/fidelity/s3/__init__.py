"""S3 as AWS has it: rules on requests, and buckets and objects of labkit's own in moto's place.

access                     what is public, and that it is not
encryption                 SSE-S3, SSE-KMS, SSE-C
post                       forms with a signed policy
limits, integrity          names, sizes, numbers; digests that must fit
uploads, versions          multipart uploads, delete markers
model, backend             how objects live: the models in the place of moto's
ledger                     what else there is to say

Presigned addresses are looked at before any rule, in `labkit.fidelity.presigned`; what a bucket's
policy allows, in `labkit.fidelity.authorisation`.
"""

from __future__ import annotations

from moto.s3 import models as moto_s3

from labkit.fidelity.s3 import (
    access,
    encryption,
    integrity,
    ledger,
    limits,
    post,
    uploads,
    versions,
)
from labkit.fidelity.s3.backend import Backend
from labkit.fidelity.s3.model import Bucket, Key, Multipart
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "access",
    "encryption",
    "integrity",
    "ledger",
    "limits",
    "post",
    "uploads",
    "versions",
]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's buckets, objects and uploads until the sandbox closes."""
    replaced = {"FakeBucket": Bucket, "FakeKey": Key, "FakeMultipart": Multipart}
    originals = {name: getattr(moto_s3, name) for name in replaced}
    original_backend = moto_s3.s3_backends.backend

    def put_back() -> None:
        vars(moto_s3).update(originals)
        moto_s3.s3_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_s3).update(replaced)
    moto_s3.s3_backends.backend = Backend
