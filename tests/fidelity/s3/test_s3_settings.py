"""What a bucket does by itself: lifecycle, CORS, website, Object Lock, notifications."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from labkit.facts import fact
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock

Refusal = Callable[..., str]
Error = Callable[..., dict[str, Any]]
Said = Callable[[requests.Response], dict[str, Any]]

HAMLET = {"Bucket": "posters", "Key": "hamlet.png"}
LARGE = b"x" * (int(fact("s3.transition_min_bytes")) + 1)
SITE = "http://posters.s3-website-us-east-1.amazonaws.com"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"


# ---- lifecycle ----


def lifecycle(s3: Any, **rule: Any) -> None:
    rule = {"ID": "nightly", "Status": "Enabled", "Filter": {"Prefix": ""}} | rule
    s3.put_bucket_lifecycle_configuration(
        Bucket="posters", LifecycleConfiguration={"Rules": [rule]}
    )


def keys(s3: Any) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket="posters").get("Contents", [])]


def version(s3: Any) -> None:
    s3.put_bucket_versioning(Bucket="posters", VersioningConfiguration={"Status": "Enabled"})


@pytest.mark.mends
def test_objects_expire_at_midnight(s3: Any, posters: str, clock: Clock) -> None:
    lifecycle(s3, Expiration={"Days": 1}, Filter={"Prefix": "ham"})
    s3.put_object(Bucket=posters, Key="lear.png")

    clock.advance_to(datetime(2026, 1, 6, 23, 59, tzinfo=UTC))
    assert keys(s3) == ["hamlet.png", "lear.png"]
    clock.advance(minutes=1)
    assert keys(s3) == ["lear.png"]


@pytest.mark.mends
def test_an_answer_says_when_the_object_expires(s3: Any, posters: str) -> None:
    lifecycle(s3, Expiration={"Days": 1})

    assert s3.head_object(**HAMLET)["Expiration"] == (
        'expiry-date="Wed, 07 Jan 2026 00:00:00 GMT", rule-id="nightly"'
    )


@pytest.mark.mends
def test_what_expires_in_a_bucket_with_versions_gets_a_marker(
    s3: Any, posters: str, clock: Clock
) -> None:
    version(s3)
    lifecycle(s3, Expiration={"Days": 1})

    clock.advance(days=2)

    found = s3.list_object_versions(Bucket=posters)
    assert [entry["IsLatest"] for entry in found["DeleteMarkers"]] == [True]
    assert [entry["VersionId"] for entry in found["Versions"]] == ["null"]


@pytest.mark.mends
def test_objects_move_to_cheaper_classes(s3: Any, posters: str, clock: Clock) -> None:
    s3.put_object(**HAMLET, Body=LARGE)
    s3.put_object(Bucket=posters, Key="small.png", Body=b"x")
    steps = [
        {"Days": 30, "StorageClass": "STANDARD_IA"},
        {"Days": 90, "StorageClass": "GLACIER"},
    ]
    lifecycle(s3, Transitions=steps)

    def classes() -> list[str]:
        return [entry["StorageClass"] for entry in s3.list_objects_v2(Bucket=posters)["Contents"]]

    clock.advance(days=30)
    assert classes() == ["STANDARD", "STANDARD"]
    clock.advance(days=1)
    assert classes() == ["STANDARD_IA", "STANDARD"]
    clock.advance(days=60)
    assert classes() == ["GLACIER", "STANDARD"]


@pytest.mark.mends
def test_noncurrent_versions_expire_but_for_the_newest(s3: Any, posters: str, clock: Clock) -> None:
    version(s3)
    ids = [s3.put_object(**HAMLET, Body=b"x")["VersionId"] for _ in range(4)]
    lifecycle(s3, NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 1})

    clock.advance(days=2)

    kept = [entry["VersionId"] for entry in s3.list_object_versions(Bucket=posters)["Versions"]]
    assert sorted(kept) == sorted(ids[2:])


@pytest.mark.mends
def test_a_marker_without_versions_goes_too(s3: Any, posters: str, clock: Clock) -> None:
    version(s3)
    s3.delete_object(**HAMLET)
    s3.delete_object(**HAMLET, VersionId="null")
    lifecycle(s3, Expiration={"ExpiredObjectDeleteMarker": True})

    clock.advance(days=1)

    assert "DeleteMarkers" not in s3.list_object_versions(Bucket=posters)


@pytest.mark.mends
def test_uploads_that_nobody_completes_are_aborted(s3: Any, posters: str, clock: Clock) -> None:
    s3.create_multipart_upload(Bucket=posters, Key="film.mp4")
    lifecycle(s3, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})

    clock.advance(days=7)
    assert len(s3.list_multipart_uploads(Bucket=posters)["Uploads"]) == 1
    clock.advance(days=1)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=posters)


@pytest.mark.mends
def test_a_rule_is_about_objects_with_its_tags(s3: Any, posters: str, clock: Clock) -> None:
    s3.put_object(Bucket=posters, Key="draft.png", Tagging="stage=draft")
    lifecycle(s3, Expiration={"Days": 1}, Filter={"Tag": {"Key": "stage", "Value": "draft"}})

    clock.advance(days=2)

    assert keys(s3) == ["hamlet.png"]


@pytest.mark.mends
def test_without_rules_nothing_expires(s3: Any, posters: str, clock: Clock) -> None:
    lifecycle(s3, Expiration={"Days": 2})
    s3.delete_bucket_lifecycle(Bucket=posters)
    clock.advance(days=9)
    assert keys(s3) == ["hamlet.png"]

    lifecycle(s3, Expiration={"Days": 2}, Status="Disabled")
    clock.advance(days=9)
    assert keys(s3) == ["hamlet.png"]
    lifecycle(s3, Expiration={"Days": 2})
    clock.advance(days=1)
    assert keys(s3) == []


@pytest.mark.mends
def test_a_lifecycle_rule_does_something_that_can_be_done(
    s3: Any, posters: str, refusal: Refusal
) -> None:
    assert refusal(lambda: lifecycle(s3)) == (
        "InvalidRequest: At least one action needs to be specified in a rule"
    )
    assert refusal(lambda: lifecycle(s3, Expiration={"Days": 0})) == (
        "InvalidArgument: 'Days' for Expiration action must be a positive integer"
    )
    noon = datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert refusal(lambda: lifecycle(s3, Expiration={"Date": noon})) == (
        "InvalidArgument: 'Date' must be at midnight GMT"
    )


@pytest.mark.mends
def test_infrequent_access_begins_after_30_days(s3: Any, posters: str, refusal: Refusal) -> None:
    def said(days: int, **more: Any) -> str:
        step = {"Days": days, "StorageClass": "STANDARD_IA"}
        return refusal(lambda: lifecycle(s3, Transitions=[step], **more))

    assert said(29) == (
        "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for "
        "storageClass 'STANDARD_IA'"
    )
    assert said(30, Expiration={"Days": 30}) == (
        "InvalidArgument: 'Days' in the Expiration action for filter '(prefix=)' must be greater "
        "than 'Days' in the Transition action"
    )


@pytest.mark.mends
def test_lifecycle_rules_are_given_back_in_full(s3: Any, posters: str) -> None:
    rule = {
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "ham", "ObjectSizeGreaterThan": 500}},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2},
    }
    s3.put_bucket_lifecycle_configuration(Bucket=posters, LifecycleConfiguration={"Rules": [rule]})

    found = s3.get_bucket_lifecycle_configuration(Bucket=posters)["Rules"]

    assert len(found[0].pop("ID")) > 8
    assert found == [rule]


# ---- CORS ----


def cors(s3: Any, *rules: dict[str, Any]) -> None:
    s3.put_bucket_cors(Bucket="posters", CORSConfiguration={"CORSRules": list(rules)})


def ask(origin: str = "https://tickets.example", method: str = "GET", **headers: str) -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": method} | headers
    return requests.options("https://posters.s3.amazonaws.com/hamlet.png", headers=asked, timeout=5)


SHOP = {"AllowedOrigins": ["https://*.example"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 300}
STAFF = {
    "AllowedOrigins": ["https://staff.example"],
    "AllowedMethods": ["PUT"],
    "AllowedHeaders": ["x-amz-*"],
    "ExposeHeaders": ["ETag"],
}


@pytest.mark.mends
def test_a_browser_is_told_what_a_rule_allows(s3: Any, posters: str, said: Said) -> None:
    cors(s3, SHOP, STAFF)

    allowed = ask()
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://tickets.example"
    assert allowed.headers["Access-Control-Allow-Methods"] == "GET"
    assert allowed.headers["Access-Control-Max-Age"] == "300"
    put = ask("https://staff.example", "PUT", **{"Access-Control-Request-Headers": "x-amz-date"})
    assert put.headers["Access-Control-Allow-Headers"] == "x-amz-date"
    assert put.headers["Access-Control-Expose-Headers"] == "ETag"
    for refused in (ask(method="PUT"), ask("https://tickets.test"), ask("http://a.example")):
        error = said(refused)
        assert (error["Status"], error["Code"]) == (403, "AccessForbidden")
        assert error["Message"].startswith("CORSResponse: This CORS request is not allowed.")


@pytest.mark.mends
def test_a_bucket_without_cors_rules_says_so(posters: str, said: Said) -> None:
    error = said(ask())

    assert (error["Status"], error["Message"]) == (
        403,
        "CORSResponse: CORS is not enabled for this bucket.",
    )


@pytest.mark.mends
def test_an_answer_lets_only_the_origins_of_a_rule_read_it(
    s3: Any, s3v4: Any, posters: str
) -> None:
    cors(s3, STAFF, SHOP)
    url = s3v4.generate_presigned_url("get_object", Params=HAMLET)

    def headers(origin: str) -> Any:
        return requests.get(url, headers={"Origin": origin}, timeout=5).headers

    assert headers("https://a.example")["Access-Control-Allow-Origin"] == "https://a.example"
    assert headers("https://staff.example")["Access-Control-Allow-Methods"] == "GET"
    assert "Access-Control-Allow-Origin" not in headers("https://tickets.test")


def test_over_http_a_browser_is_told_the_same(sandbox: Sandbox, s3: Any, posters: str) -> None:
    url = f"{sandbox.endpoint_url}/posters/hamlet.png"
    asked = {"Origin": "https://tickets.example", "Access-Control-Request-Method": "GET"}
    assert requests.options(url, headers=asked, timeout=5).status_code == 403

    cors(s3, SHOP)
    answer = requests.options(url, headers=asked, timeout=5)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://tickets.example"


@pytest.mark.mends
def test_cors_rules_are_about_methods_of_s3(s3: Any, posters: str, refusal: Refusal) -> None:
    assert refusal(lambda: cors(s3, SHOP | {"AllowedMethods": ["PATCH"]})) == (
        "InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is PATCH"
    )
    assert refusal(lambda: cors(s3, SHOP | {"AllowedOrigins": ["*://*"]})) == (
        'InvalidRequest: AllowedOrigin "*://*" can not have more than one wildcard.'
    )


# ---- website ----


@pytest.fixture
def site(s3: Any, opened: str) -> str:
    """The bucket as a website that anybody may read."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::posters/*",
    }
    s3.put_bucket_policy(
        Bucket=opened, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    for key in ("index.html", "shows/index.html", "error.html"):
        s3.put_object(Bucket=opened, Key=key, Body=key.encode(), ContentType="text/html")
    website(s3)
    return opened


def website(s3: Any, **more: Any) -> None:
    pages = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
    s3.put_bucket_website(Bucket="posters", WebsiteConfiguration=more.pop("only", pages | more))


def visit(path: str) -> requests.Response:
    return requests.get(SITE + path, timeout=5, allow_redirects=False)


@pytest.mark.mends
def test_a_folder_of_a_website_shows_its_index_document(site: str) -> None:
    assert visit("/").text == "index.html"
    assert visit("/").headers["Content-Type"] == "text/html"
    assert visit("/shows/").text == "shows/index.html"
    assert visit("/hamlet.png").content == b"to be or not to be"
    moved = visit("/shows")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/shows/")


@pytest.mark.mends
def test_a_website_has_an_error_document(s3: Any, site: str) -> None:
    gone = visit("/gone.html")
    assert (gone.status_code, gone.text) == (403, "error.html")

    everybody = json.loads(s3.get_bucket_policy(Bucket=site)["Policy"])
    listing = {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::posters"}
    everybody["Statement"].append(everybody["Statement"][0] | listing)
    s3.put_bucket_policy(Bucket=site, Policy=json.dumps(everybody))

    assert visit("/gone.html").status_code == 404
    website(s3, only={"IndexDocument": {"Suffix": "index.html"}})
    plain = visit("/gone.html")
    assert plain.headers["Content-Type"].startswith("text/html")
    assert "<li>Code: NoSuchKey</li>" in plain.text


@pytest.mark.mends
def test_a_website_redirects_by_its_rules(s3: Any, site: str) -> None:
    rules = [
        {
            "Condition": {"KeyPrefixEquals": "plays/"},
            "Redirect": {"ReplaceKeyPrefixWith": "shows/"},
        },
        {
            "Condition": {"HttpErrorCodeReturnedEquals": "403"},
            "Redirect": {"HostName": "tickets.example", "HttpRedirectCode": "302"},
        },
    ]
    website(s3, RoutingRules=rules)

    moved, missing = visit("/plays/lear"), visit("/gone.html")

    assert (moved.status_code, moved.headers["Location"]) == (301, f"{SITE}/shows/lear")
    assert (missing.status_code, missing.headers["Location"]) == (
        302,
        "http://tickets.example/gone.html",
    )
    website(s3, only={"RedirectAllRequestsTo": {"HostName": "a.example", "Protocol": "https"}})
    assert visit("/x").headers["Location"] == "https://a.example/x"


@pytest.mark.mends
def test_a_website_is_read_only(site: str) -> None:
    response = requests.put(SITE + "/index.html", data=b"graffiti", timeout=5)

    assert response.status_code == 405
    assert visit("/").text == "index.html"


@pytest.mark.mends
def test_a_website_must_be_set_up_and_open(s3: Any, posters: str) -> None:
    assert "NoSuchWebsiteConfiguration" in visit("/").text
    website(s3)
    s3.put_object(Bucket=posters, Key="index.html", Body=b"")

    assert (visit("/").status_code, "AccessDenied" in visit("/").text) == (403, True)


# ---- Object Lock ----


@pytest.fixture
def locked(s3: Any) -> dict[str, Any]:
    """An object that is retained for a day, in COMPLIANCE mode."""
    s3.create_bucket(Bucket="ledgers", ObjectLockEnabledForBucket=True)
    where = {"Bucket": "ledgers", "Key": "2025.csv"}
    put = s3.put_object(
        **where,
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=datetime(2026, 1, 6, 9, tzinfo=UTC),
    )
    return where | {"VersionId": put["VersionId"]}


@pytest.mark.mends
def test_a_retained_version_is_not_deleted(
    s3: Any, locked: dict[str, Any], clock: Clock, refusal: Refusal
) -> None:
    sentence = "AccessDenied: Access Denied because object protected by object lock."

    assert refusal(s3.delete_object, **locked) == sentence
    assert refusal(s3.delete_object, **locked, BypassGovernanceRetention=True) == sentence
    s3.delete_object(Bucket="ledgers", Key="2025.csv")  # a marker can be set
    clock.advance(days=1, seconds=1)
    s3.delete_object(**locked)


@pytest.mark.right
def test_governance_can_be_bypassed(s3: Any, locked: dict[str, Any], refusal: Refusal) -> None:
    until = datetime(2026, 2, 1, tzinfo=UTC)
    put = s3.put_object(
        Bucket="ledgers", Key="q1", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until
    )
    where = {"Bucket": "ledgers", "Key": "q1", "VersionId": put["VersionId"]}

    assert refusal(s3.delete_object, **where).startswith("AccessDenied")
    s3.delete_object(**where, BypassGovernanceRetention=True)


@pytest.mark.right
def test_a_legal_hold_has_no_end(
    s3: Any, locked: dict[str, Any], clock: Clock, refusal: Refusal
) -> None:
    s3.put_object_legal_hold(**locked, LegalHold={"Status": "ON"})
    clock.advance(days=900)

    assert refusal(s3.delete_object, **locked).startswith("AccessDenied")
    s3.put_object_legal_hold(**locked, LegalHold={"Status": "OFF"})
    s3.delete_object(**locked)


@pytest.mark.mends
def test_a_retention_only_grows(s3: Any, locked: dict[str, Any], refusal: Refusal) -> None:
    def said(until: datetime) -> str:
        how = {"Mode": "COMPLIANCE", "RetainUntilDate": until}
        return refusal(s3.put_object_retention, **locked, Retention=how)

    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert said(now) == "InvalidArgument: The retain until date must be in the future!"
    assert said(now + timedelta(hours=1)).startswith("AccessDenied: Access Denied because object")
    longer = {"Mode": "COMPLIANCE", "RetainUntilDate": now + timedelta(days=2)}
    s3.put_object_retention(**locked, Retention=longer)


@pytest.mark.mends
def test_a_retention_can_be_read(s3: Any, locked: dict[str, Any], refusal: Refusal) -> None:
    found = s3.get_object_retention(**locked)["Retention"]

    assert found == {
        "Mode": "COMPLIANCE",
        "RetainUntilDate": datetime(2026, 1, 6, 9, tzinfo=UTC),
    }
    s3.put_object(Bucket="ledgers", Key="free")
    assert refusal(s3.get_object_retention, Bucket="ledgers", Key="free").startswith(
        "NoSuchObjectLockConfiguration"
    )


@pytest.mark.mends
def test_versioning_stays_on_under_object_lock(
    s3: Any, locked: dict[str, Any], refusal: Refusal
) -> None:
    suspended = {"Status": "Suspended"}

    assert refusal(
        s3.put_bucket_versioning, Bucket="ledgers", VersioningConfiguration=suspended
    ).startswith("InvalidBucketState")


@pytest.mark.right
def test_only_a_bucket_with_object_lock_retains(s3: Any, posters: str, refusal: Refusal) -> None:
    how = {
        "ObjectLockMode": "GOVERNANCE",
        "ObjectLockRetainUntilDate": datetime(2026, 2, 1, tzinfo=UTC),
    }

    assert refusal(s3.put_object, **HAMLET, **how) == (
        "InvalidRequest: Bucket is missing ObjectLockConfiguration"
    )


# ---- notifications ----


@pytest.fixture
def orders(sandbox: Sandbox) -> str:
    """A queue that lets S3 send to it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::posters"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = sandbox.client("sqs").create_queue(QueueName="orders", Attributes={"Policy": policy})
    return str(made["QueueUrl"])


def notify(s3: Any, *events: str, arn: str = QUEUE, **more: Any) -> None:
    found = {"QueueArn": arn, "Events": list(events), "Id": "to-orders"} | more
    s3.put_bucket_notification_configuration(
        Bucket="posters", NotificationConfiguration={"QueueConfigurations": [found]}
    )


def told(sandbox: Sandbox, url: str) -> list[dict[str, Any]]:
    """The records of the events in the queue, the test message left out."""
    received = sandbox.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    bodies = [json.loads(message["Body"]) for message in received.get("Messages", [])]
    return [record for body in bodies for record in body.get("Records", [])]


@pytest.mark.mends
def test_an_event_tells_what_happened_to_what(
    sandbox: Sandbox, s3: Any, posters: str, orders: str
) -> None:
    notify(s3, "s3:ObjectCreated:*")

    s3.put_object(Bucket=posters, Key="king lear.png", Body=b"storm")

    record = told(sandbox, orders)[0]
    assert (record["eventVersion"], record["eventSource"]) == ("2.1", "aws:s3")
    assert (record["eventName"], record["awsRegion"]) == ("ObjectCreated:Put", "us-east-1")
    assert record["eventTime"] == "2026-01-05T09:00:00.000Z"
    assert {"userIdentity", "requestParameters", "responseElements"} <= record.keys()
    assert record["s3"]["configurationId"] == "to-orders"
    assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::posters"
    assert record["s3"]["bucket"]["ownerIdentity"]["principalId"]
    thing = record["s3"]["object"]
    assert (thing["key"], thing["size"]) == ("king+lear.png", 5)
    assert len(thing["sequencer"]) >= 16


@pytest.mark.right
def test_events_are_chosen_by_kind_and_key(
    sandbox: Sandbox, s3: Any, posters: str, orders: str
) -> None:
    only = {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".png"}]}}
    notify(s3, "s3:ObjectCreated:*", Filter=only)

    for key in ("lear.png", "lear.txt"):
        s3.put_object(Bucket=posters, Key=key)
    s3.delete_object(Bucket=posters, Key="lear.png")

    assert [record["s3"]["object"]["key"] for record in told(sandbox, orders)] == ["lear.png"]


@pytest.mark.mends
def test_a_delete_marker_is_an_event_of_its_own(
    sandbox: Sandbox, s3: Any, posters: str, orders: str
) -> None:
    version(s3)
    notify(s3, "s3:ObjectRemoved:*")

    s3.delete_object(**HAMLET)
    s3.delete_object(**HAMLET, VersionId="null")

    names = [record["eventName"] for record in told(sandbox, orders)]
    assert names == ["ObjectRemoved:DeleteMarkerCreated", "ObjectRemoved:Delete"]


@pytest.mark.right
def test_a_new_destination_gets_a_test_event(
    sandbox: Sandbox, s3: Any, posters: str, orders: str
) -> None:
    notify(s3, "s3:ObjectCreated:*")

    received = sandbox.client("sqs").receive_message(QueueUrl=orders)["Messages"]

    assert json.loads(received[0]["Body"])["Event"] == "s3:TestEvent"


@pytest.mark.mends
def test_a_destination_is_an_arn(s3: Any, posters: str, error: Error) -> None:
    function = {"LambdaFunctionArn": "invalid-queue", "Events": ["s3:ObjectCreated:*"]}

    said = error(
        s3.put_bucket_notification_configuration,
        Bucket=posters,
        NotificationConfiguration={"LambdaFunctionConfigurations": [function]},
    )

    assert (said["Status"], said["Code"], said["Message"]) == (
        400,
        "InvalidArgument",
        "The ARN could not be parsed",
    )
    assert (said["ArgumentName"], said["ArgumentValue"]) == ("CloudFunction", "invalid-queue")


@pytest.mark.mends
def test_a_destination_is_there_and_lets_s3_in(
    sandbox: Sandbox, s3: Any, posters: str, error: Error
) -> None:
    def said() -> dict[str, Any]:
        return error(lambda: notify(s3, "s3:ObjectCreated:*"))

    sentence = "Unable to validate the following destination configurations"
    missing = said()
    sandbox.client("sqs").create_queue(QueueName="orders")
    closed = said()

    assert (missing["Code"], missing["Message"]) == ("InvalidArgument", sentence)
    assert missing["ArgumentValue1"] == "The destination queue does not exist"
    assert closed["ArgumentValue1"].startswith("Permissions on the destination queue do not allow")


@pytest.mark.mends
def test_a_function_that_is_not_there_is_no_destination(
    s3: Any, posters: str, error: Error
) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:resize"
    asked = {
        "Bucket": posters,
        "NotificationConfiguration": {
            "LambdaFunctionConfigurations": [
                {"Id": "id123", "LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    }

    said = error(s3.put_bucket_notification_configuration, **asked)

    assert (said["ArgumentName1"], said["ArgumentValue1"]) == (
        f"{arn}, null",
        f"Not authorized to invoke function [{arn}]",
    )
    s3.put_bucket_notification_configuration(**asked, SkipDestinationValidation=True)
    found = s3.get_bucket_notification_configuration(Bucket=posters)
    assert found["LambdaFunctionConfigurations"] == [
        {"Id": "id123", "LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    ]


@pytest.mark.mends
def test_configurations_do_not_overlap(
    s3: Any, posters: str, orders: str, refusal: Refusal
) -> None:
    def both(*filters: str) -> dict[str, Any]:
        found = [
            {
                "QueueArn": QUEUE,
                "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
            }
            for prefix in filters
        ]
        return {"Bucket": posters, "NotificationConfiguration": {"QueueConfigurations": found}}

    call = s3.put_bucket_notification_configuration
    assert refusal(call, **both("shows/", "shows/2026/")).startswith(
        "InvalidArgument: Configurations overlap."
    )
    call(**both("shows/", "plays/"))
