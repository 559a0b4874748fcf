"""The rows of S3's ledger that no rule writes: what labkit's models mend, what moto has right,
and what is not simulated.
"""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.s3.common import API, GUIDE
from labkit.fidelity.s3.ledger_corrected import CORRECTED
from labkit.fidelity.s3.ledger_right import AS_ON_AWS

_BLOCK = GUIDE + "access-control-block-public-access.html"
_SSE_C = GUIDE + "ServerSideEncryptionCustomerKeys.html"

# What is not simulated: what happens here, what happens on AWS, the page. A lab shows the first
# five, so what it meets comes first.
_DIFFERS = [
    (
        "A change is seen everywhere at once.",
        "Objects are strongly consistent; a bucket's settings may take a while to spread.",
        GUIDE + "Welcome.html",
    ),
    (
        "Lifecycle rules act at midnight UTC, all at once.",
        "They are queued at midnight; the deed may follow hours or days later.",
        GUIDE + "troubleshoot-lifecycle.html",
    ),
    (
        "An object of an archive class is restored at the next look at it.",
        "A restore takes minutes to 48 hours, by storage class and tier.",
        GUIDE + "restoring-objects-retrieval-options.html",
    ),
    (
        "An event arrives with the call that caused it, once, and in order.",
        "Events arrive mostly within seconds, at least once, and in any order.",
        GUIDE + "EventNotifications.html",
    ),
    (
        "A website is at its address inside the sandbox's process only.",
        "It is open to any browser, over HTTP.",
        GUIDE + "WebsiteEndpoints.html",
    ),
    (
        "Nothing is replicated.",
        "Replication rules copy new objects to other buckets, mostly within minutes.",
        GUIDE + "replication.html",
    ),
    (
        "S3 Select answers simple queries.",
        "S3 Select is closed to new customers.",
        GUIDE + "selecting-content-from-objects.html",
    ),
    (
        "The ETag of an object encrypted with KMS or a customer's key is the MD5 of its content.",
        "It is not an MD5 then.",
        API + "API_Object.html",
    ),
    (
        "Customer keys are taken over plain HTTP, at the sandbox's own endpoint.",
        "S3 refuses SSE-C over HTTP.",
        _SSE_C,
    ),
    (
        "A checksum CRC32C or CRC64NVME is kept as it was sent.",
        "It is held against the body, as every checksum.",
        GUIDE + "checking-object-integrity.html",
    ),
    (
        "Nothing is billed for a minimum of days in an infrequent-access or archive class.",
        "Standard-IA is billed for 30 days at least, Glacier classes for 90 or 180.",
        GUIDE + "storage-class-intro.html",
    ),
    (
        "The caller and the owner in an event are always the same.",
        "They are the ids of who caused the event, and of the bucket's owner.",
        GUIDE + "notification-content-structure.html",
    ),
    (
        "Intelligent-Tiering, inventories, access logs, metrics and acceleration do nothing.",
        "They move objects by use, write reports, count requests and shorten ways.",
        GUIDE + "Welcome.html",
    ),
    (
        "A version id is a UUID.",
        "A version id is an opaque text of up to 1,024 bytes.",
        GUIDE + "versioning-workflows.html",
    ),
    (
        "A bucket answers at the endpoints of all Regions.",
        "Another Region's endpoint answers 301 PermanentRedirect; boto3 follows.",
        GUIDE + "Redirects.html",
    ),
    (
        "A policy with any condition counts as not public.",
        "Only conditions on fixed values of some keys make a policy not public.",
        _BLOCK,
    ),
]

for _behaviour, _aws, _test, _page in CORRECTED:
    corrected("s3", _behaviour, _aws, test=f"test_{_test}", source=_page)
for _behaviour, _aws, _test, _page in AS_ON_AWS:
    as_on_aws("s3", _behaviour, _aws, test=f"test_{_test}", source=_page)
for _behaviour, _aws, _page in _DIFFERS:
    differs("s3", _behaviour, _aws, source=_page)
