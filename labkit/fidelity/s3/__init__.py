"""S3 as AWS has it: rules on requests, and buckets and objects of labkit's own in moto's place.

access                     what is public, and that it is not
encryption, customer_keys  SSE-S3 and SSE-KMS; SSE-C
post                       forms with a signed policy
limits, integrity          names, sizes, numbers; digests that must fit
uploads, versions          multipart uploads, delete markers
lifecycle, lifecycle_rules what moves and expires at midnight, and what rules may say
cors, website              what browsers meet
locks, events              what cannot be deleted, and who is told
model, backend             how objects live: the models in the place of moto's
ledger                     what else there is to say

Presigned addresses are looked at before any rule, in `labkit.fidelity.presigned`; what a bucket's
policy allows, in `labkit.fidelity.authorisation`.
"""

from __future__ import annotations

from moto.s3 import models as moto_s3
from moto.s3 import notifications
from moto.s3.responses import S3Response

from labkit.fidelity.s3 import (
    access,
    cors,
    customer_keys,
    encryption,
    events,
    integrity,
    ledger,
    lifecycle_rules,
    limits,
    locks,
    post,
    uploads,
    versions,
    website,
)
from labkit.fidelity.s3.backend import Backend
from labkit.fidelity.s3.model import Bucket, Key, Multipart
from labkit.sandbox.sandbox import Sandbox

__all__ = [
    "access",
    "cors",
    "customer_keys",
    "encryption",
    "events",
    "integrity",
    "ledger",
    "lifecycle_rules",
    "limits",
    "locks",
    "post",
    "uploads",
    "versions",
    "website",
]


def replace_models(sandbox: Sandbox) -> None:
    """Let moto make labkit's buckets, objects and uploads until the sandbox closes."""
    replaced = {"FakeBucket": Bucket, "FakeKey": Key, "FakeMultipart": Multipart}
    originals = {name: getattr(moto_s3, name) for name in replaced}
    original_backend = moto_s3.s3_backends.backend

    original_headers = S3Response._get_cors_headers_other
    original_record = notifications._get_s3_event

    def put_back() -> None:
        vars(moto_s3).update(originals)
        setattr(S3Response, "_get_cors_headers_other", original_headers)  # noqa: B010
        vars(notifications).update(_get_s3_event=original_record)
        moto_s3.s3_backends.backend = original_backend

    sandbox.on_close(put_back)
    vars(moto_s3).update(replaced)
    setattr(S3Response, "_get_cors_headers_other", cors.headers_of)  # noqa: B010
    vars(notifications).update(_get_s3_event=events.record)
    events.restart()
    moto_s3.s3_backends.backend = Backend
