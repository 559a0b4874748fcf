"""SES: who may send to whom, how much, and what arrives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config

from labkit.facts import fact
from labkit.fidelity.mailbox import inbox
from labkit.sandbox import Sandbox
from labkit.sandbox.clock import Clock
from labkit.units import MIB
from tests.fidelity.scene import document

Refusal = Callable[..., str]
SHOP, ANA, BEN = "shop@example.com", "ana@example.org", "ben@example.net"
NOT_VERIFIED = (
    "MessageRejected: Email address is not verified. The following identities failed the check in "
    "region US-EAST-1: "
)
TWO_WORDS = {"Name": "Ana", "Seat": "F12"}


@pytest.fixture
def ses(sandbox: Sandbox) -> Any:
    """A client that does not try again: what is refused is seen to be."""
    config = Config(retries={"total_max_attempts": 1})
    return sandbox.session.client("ses", region_name="us-east-1", config=config)


@pytest.fixture
def verify(sandbox: Sandbox, ses: Any) -> Callable[..., None]:
    """Verifies addresses, by their inboxes where there are such."""

    def verify(*addresses: str) -> None:
        for address in addresses:
            ses.verify_email_identity(EmailAddress=address)
            for mail in inbox(sandbox, address)[-1:]:
                mail.click()

    return verify


@pytest.fixture
def shop(ses: Any, verify: Callable[..., None]) -> Any:
    """A client, with the shop's address and Ana's verified."""
    verify(SHOP, ANA)
    return ses


def send(ses: Any, to: list[str] | None = None, text: str = "Doors at seven.", **more: Any) -> Any:
    return ses.send_email(
        **{
            "Source": SHOP,
            "Destination": {"ToAddresses": [ANA] if to is None else to},
            "Message": {"Subject": {"Data": "Gala"}, "Body": {"Text": {"Data": text}}},
            **more,
        }
    )


def status(ses: Any, identity: str) -> str:
    answer = ses.get_identity_verification_attributes(Identities=[identity])
    return str(answer["VerificationAttributes"][identity]["VerificationStatus"])


def subjects(sandbox: Sandbox, address: str) -> list[str]:
    return [mail.subject for mail in inbox(sandbox, address) if not mail.link]


# ---- identities ----


@pytest.mark.mends
def test_an_address_is_verified_by_a_click(ses: Any, sandbox: Sandbox) -> None:
    ses.verify_email_identity(EmailAddress=SHOP)
    assert status(ses, SHOP) == "Pending"
    assert ses.list_identities()["Identities"] == [SHOP]
    assert ses.list_verified_email_addresses()["VerifiedEmailAddresses"] == []

    [mail] = inbox(sandbox, SHOP)
    assert "Verification Request" in mail.subject
    assert mail.click() == f"You have successfully verified {SHOP}."
    assert status(ses, SHOP) == "Success"
    assert ses.list_verified_email_addresses()["VerifiedEmailAddresses"] == [SHOP]


@pytest.mark.mends
def test_a_link_is_void_after_a_day(ses: Any, sandbox: Sandbox, clock: Clock) -> None:
    ses.verify_email_identity(EmailAddress=SHOP)
    clock.advance(seconds=int(fact("ses.verification_life_s")) + 1)

    assert status(ses, SHOP) == "Failed"
    assert "expired" in inbox(sandbox, SHOP)[0].click()
    assert status(ses, SHOP) == "Failed"
    ses.verify_email_identity(EmailAddress=SHOP)
    inbox(sandbox, SHOP)[1].click()
    assert status(ses, SHOP) == "Success"


@pytest.mark.mends
def test_an_address_to_be_verified_is_one(ses: Any, refusal: Refusal) -> None:
    for text in ("shop", "shop@example", "the shop@example.com"):
        assert refusal(ses.verify_email_identity, EmailAddress=text) == (
            f"InvalidParameterValue: Invalid email address<{text}>."
        )


@pytest.mark.mends
def test_a_pending_identity_can_be_deleted(ses: Any) -> None:
    ses.verify_email_identity(EmailAddress=SHOP)
    assert status(ses, SHOP) == "Pending"

    ses.delete_identity(Identity=SHOP)
    assert ses.list_identities()["Identities"] == []


def zone_of(sandbox: Sandbox, domain: str) -> Callable[[str, str, str], None]:
    """A hosted zone, into which records can be put."""
    route53 = sandbox.client("route53")
    zone = route53.create_hosted_zone(Name=domain, CallerReference="1")["HostedZone"]["Id"]

    def put(name: str, kind: str, value: str) -> None:
        record = {
            "Name": name,
            "Type": kind,
            "TTL": 60,
            "ResourceRecords": [{"Value": f'"{value}"' if kind == "TXT" else value}],
        }
        change = {"Action": "UPSERT", "ResourceRecordSet": record}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})

    return put


@pytest.mark.mends
def test_a_domain_is_verified_by_its_record(ses: Any, sandbox: Sandbox) -> None:
    put = zone_of(sandbox, "example.com")
    token = ses.verify_domain_identity(Domain="example.com")["VerificationToken"]
    assert status(ses, "example.com") == "Pending"

    put("_amazonses.example.com", "TXT", "something else")
    assert status(ses, "example.com") == "Pending"
    put("_amazonses.example.com", "TXT", token)
    assert status(ses, "example.com") == "Success"
    send(ses, ["anybody@mail.example.com"])  # and with it every address below it


@pytest.mark.mends
def test_a_domain_gets_a_record_of_its_own(ses: Any) -> None:
    tokens = {
        ses.verify_domain_identity(Domain=domain)["VerificationToken"]
        for domain in ("example.com", "example.org")
    }
    assert len(tokens) == 2
    shown = ses.get_identity_verification_attributes(Identities=["example.com"])
    assert shown["VerificationAttributes"]["example.com"]["VerificationToken"] in tokens


@pytest.mark.mends
def test_a_domain_gets_keys_of_its_own(ses: Any) -> None:
    first, second = (
        set(ses.verify_domain_dkim(Domain=domain)["DkimTokens"])
        for domain in ("example.com", "example.org")
    )
    assert (len(first), len(second)) == (3, 3)
    assert not first & second


@pytest.mark.mends
def test_dkim_waits_for_its_records(ses: Any, sandbox: Sandbox) -> None:
    put = zone_of(sandbox, "example.com")
    tokens = ses.verify_domain_dkim(Domain="example.com")["DkimTokens"]

    def shown() -> Any:
        answer = ses.get_identity_dkim_attributes(Identities=["example.com"])
        return answer["DkimAttributes"]["example.com"]

    assert shown()["DkimVerificationStatus"] == "Pending"
    assert shown()["DkimTokens"] == tokens
    for token in tokens:
        put(f"{token}._domainkey.example.com", "CNAME", f"{token}.dkim.amazonses.com")
    assert shown()["DkimVerificationStatus"] == "Success"
    assert status(ses, "example.com") == "Success"


# ---- the sandbox ----


@pytest.mark.mends
def test_an_unverified_sender_is_refused(ses: Any, sandbox: Sandbox, refusal: Refusal) -> None:
    ses.verify_email_identity(EmailAddress=SHOP)  # and nobody clicks

    to = ["success@simulator.amazonses.com"]
    assert refusal(send, ses=ses, to=to) == NOT_VERIFIED + SHOP
    inbox(sandbox, SHOP)[0].click()
    send(ses, to)


@pytest.mark.mends
def test_in_the_sandbox_recipients_are_verified_too(shop: Any, refusal: Refusal) -> None:
    said = refusal(send, ses=shop, to=[ANA, BEN, "Cleo <cleo@example.net>"])
    assert said == NOT_VERIFIED + f"{BEN}, cleo@example.net"
    send(shop, ["bounce@simulator.amazonses.com"])


@pytest.mark.mends
def test_the_sandbox_sends_once_a_second(shop: Any, clock: Clock, refusal: Refusal) -> None:
    send(shop)

    assert refusal(send, ses=shop) == "Throttling: Maximum sending rate exceeded."
    clock.advance(seconds=1)
    send(shop)


@pytest.mark.mends
def test_the_sandbox_sends_two_hundred_a_day(
    shop: Any, clock: Clock, verify: Callable[..., None], refusal: Refusal
) -> None:
    most = int(fact("ses.sandbox_daily_max"))
    fifty = [f"success+{i}@simulator.amazonses.com" for i in range(50)]
    for _ in range(most // 50):
        send(shop, fifty)
        clock.advance(minutes=1)

    assert refusal(send, ses=shop) == "Throttling: Daily message quota exceeded."
    clock.advance(hours=24)
    send(shop)


@pytest.mark.mends
def test_the_quota_counts_the_last_day(shop: Any, clock: Clock) -> None:
    send(shop, [ANA, SHOP])
    assert shop.get_send_quota()["SentLast24Hours"] == 2
    clock.advance(hours=24)
    assert shop.get_send_quota()["SentLast24Hours"] == 0


@pytest.mark.right
def test_the_sandbox_has_its_quota(ses: Any) -> None:
    quota = ses.get_send_quota()

    assert quota["Max24HourSend"] == fact("ses.sandbox_daily_max")
    assert quota["MaxSendRate"] == fact("ses.sandbox_rate_max")


@pytest.mark.mends
def test_statistics_come_in_quarters_of_an_hour(shop: Any, clock: Clock) -> None:
    for minutes in (1, 1, 20):
        send(shop)
        clock.advance(minutes=minutes)
    send(shop)

    points = shop.get_send_statistics()["SendDataPoints"]
    assert [point["DeliveryAttempts"] for point in points] == [3, 1]
    assert f"{points[1]['Timestamp']:%H:%M:%S}" == "09:15:00"
    clock.advance(days=14)
    assert shop.get_send_statistics()["SendDataPoints"] == []


# ---- messages ----


@pytest.mark.mends
def test_a_message_has_one_to_fifty_recipients(shop: Any, refusal: Refusal) -> None:
    most = int(fact("ses.recipients_max"))
    everybody = [f"success+{i}@simulator.amazonses.com" for i in range(most + 1)]

    assert refusal(send, ses=shop, to=[]) == (
        "InvalidParameterValue: Missing required header 'To'."
    )
    said = refusal(send, ses=shop, to=everybody)
    assert said == f"InvalidParameterValue: Recipient count exceeds {most}."
    send(shop, everybody[1:])


@pytest.mark.mends
def test_a_recipient_is_an_address(shop: Any, refusal: Refusal) -> None:
    for text in ("ana", "ana@"):
        said = refusal(send, ses=shop, to=[text])
        assert said == "InvalidParameterValue: Missing final '@domain'"


@pytest.mark.mends
def test_a_message_has_its_limit(shop: Any, refusal: Refusal) -> None:
    said = refusal(send, ses=shop, text="x" * (10 * MIB))
    assert said.startswith(
        "InvalidParameterValue: Message length is more than 10485760 bytes long: "
    )
    send(shop, text="x" * (9 * MIB))


@pytest.mark.mends
def test_a_configuration_set_must_be_there(shop: Any, refusal: Refusal) -> None:
    said = refusal(send, ses=shop, ConfigurationSetName="gala")
    assert said == ("ConfigurationSetDoesNotExist: Configuration set <gala> does not exist.")
    shop.create_configuration_set(ConfigurationSet={"Name": "gala"})
    send(shop, ConfigurationSetName="gala")


@pytest.mark.mends
def test_a_message_arrives(
    shop: Any, sandbox: Sandbox, clock: Clock, verify: Callable[..., None]
) -> None:
    verify(BEN)
    send(shop, Destination={"ToAddresses": [ANA], "BccAddresses": [BEN]})
    clock.advance(minutes=1)
    raw = f"From: Shop <{SHOP}>\nTo: {ANA}\nSubject: As it is\n\nEnough.\n"
    shop.send_raw_email(RawMessage={"Data": raw.encode()})

    assert subjects(sandbox, BEN) == ["Gala"]
    assert subjects(sandbox, ANA) == ["Gala", "As it is"]
    last = inbox(sandbox, ANA)[-1]
    assert (last.text, last.sender) == ("Enough.", f"Shop <{SHOP}>")


# ---- templates ----


def make_template(ses: Any, name: str = "seat") -> None:
    ses.create_template(
        Template={
            "TemplateName": name,
            "SubjectPart": "Seat {{Seat}}",
            "TextPart": "Dear {{Name}}, your seat is {{Seat}}.",
        }
    )


def send_template(ses: Any, data: str, template: str = "seat") -> Any:
    return ses.send_templated_email(
        Source=SHOP, Destination={"ToAddresses": [ANA]}, Template=template, TemplateData=data
    )


@pytest.mark.right
def test_a_template_is_made_once(ses: Any, refusal: Refusal) -> None:
    make_template(ses)
    assert refusal(make_template, ses=ses).startswith("AlreadyExists: ")
    said = refusal(ses.create_template, Template={"TemplateName": "bare", "TextPart": "x"})
    assert said == "InvalidParameterValue: The subject must be specified."


@pytest.mark.right
def test_a_template_must_be_there(shop: Any, refusal: Refusal) -> None:
    assert refusal(send_template, ses=shop, data="{}").startswith("TemplateDoesNotExist: ")


@pytest.mark.mends
def test_a_template_arrives_filled_in(shop: Any, sandbox: Sandbox) -> None:
    make_template(shop)
    send_template(shop, json.dumps(TWO_WORDS))

    assert subjects(sandbox, ANA) == ["Seat F12"]
    assert inbox(sandbox, ANA)[-1].text == "Dear Ana, your seat is F12."


@pytest.mark.mends
def test_a_template_without_its_data_is_lost(shop: Any, sandbox: Sandbox, clock: Clock) -> None:
    make_template(shop)
    assert send_template(shop, '{"Name": "Ana"}')["MessageId"]
    clock.advance(minutes=1)
    send_template(shop, json.dumps(TWO_WORDS))

    assert subjects(sandbox, ANA) == ["Seat F12"]
    assert shop.get_send_quota()["SentLast24Hours"] == 2


@pytest.mark.mends
def test_each_of_many_gets_data_of_its_own(
    shop: Any, sandbox: Sandbox, verify: Callable[..., None], clock: Clock, refusal: Refusal
) -> None:
    make_template(shop)
    verify(BEN)
    destinations = [
        {
            "Destination": {"ToAddresses": [ANA]},
            "ReplacementTemplateData": '{"Name": "Ana", "Seat": "F12"}',
        },
        {"Destination": {"ToAddresses": [BEN]}, "ReplacementTemplateData": ""},
    ]
    answer = shop.send_bulk_templated_email(
        Source=SHOP,
        Template="seat",
        DefaultTemplateData='{"Name": "guest", "Seat": "any"}',
        Destinations=destinations,
    )

    assert len({status["MessageId"] for status in answer["Status"]}) == 2
    assert subjects(sandbox, ANA) == ["Seat F12"]
    assert subjects(sandbox, BEN) == ["Seat any"]
    clock.advance(seconds=1)
    assert refusal(send, ses=shop).startswith("Throttling")  # two recipients, two seconds
    clock.advance(seconds=1)
    send(shop)


@pytest.mark.mends
def test_data_for_a_template_are_json(shop: Any, refusal: Refusal) -> None:
    make_template(shop)
    for data in ("Name=Ana", "[]"):
        said = refusal(send_template, ses=shop, data=data)
        assert said == "InvalidParameterValue: The template data is invalid"


@pytest.mark.right
def test_a_preview_names_what_is_missing(ses: Any, refusal: Refusal) -> None:
    make_template(ses)

    said = refusal(ses.test_render_template, TemplateName="seat", TemplateData='{"Name": "Ana"}')
    assert said == (
        "MissingRenderingAttribute: Attribute 'Seat' is not present in the rendering data."
    )
    shown = ses.test_render_template(TemplateName="seat", TemplateData=json.dumps(TWO_WORDS))
    assert "Dear Ana, your seat is F12." in shown["RenderedTemplate"]


@pytest.mark.mends
def test_a_template_can_be_deleted_twice(ses: Any) -> None:
    make_template(ses)
    for _ in range(2):
        ses.delete_template(TemplateName="seat")
    assert ses.list_templates()["TemplatesMetadata"] == []


# ---- what comes back, and what comes in ----


@pytest.mark.mends
def test_a_bounce_is_told(shop: Any, sandbox: Sandbox, sqs: Any, clock: Clock) -> None:
    sns = sandbox.client("sns")
    topic = sns.create_topic(Name="bounces")["TopicArn"]
    arn = "arn:aws:sqs:us-east-1:123456789012:bounces"
    lets_in = {
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    url = sqs.create_queue(QueueName="bounces", Attributes={"Policy": document(lets_in)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    shop.set_identity_notification_topic(Identity=SHOP, NotificationType="Bounce", SnsTopic=topic)
    send(shop, ["bounce@simulator.amazonses.com"])

    [message] = sqs.receive_message(QueueUrl=url["QueueUrl"])["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    assert told["notificationType"] == "Bounce"
    [bounced] = told["bounce"]["bouncedRecipients"]
    assert bounced["emailAddress"] == "bounce@simulator.amazonses.com"
    assert told["mail"]["source"] == SHOP
    assert subjects(sandbox, SHOP) == ["Delivery Status Notification (Failure)"]

    shop.set_identity_feedback_forwarding_enabled(Identity=SHOP, ForwardingEnabled=False)
    clock.advance(seconds=5)
    send(shop, ["bounce@simulator.amazonses.com"])
    assert len(subjects(sandbox, SHOP)) == 1


@pytest.fixture
def domain(ses: Any, sandbox: Sandbox) -> Any:
    """A client, with the verified domain example.com and a bucket that lets SES in."""
    token = ses.verify_domain_identity(Domain="example.com")["VerificationToken"]
    zone_of(sandbox, "example.com")("_amazonses.example.com", "TXT", token)
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="shop-mail")
    lets_in = {
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::shop-mail/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    }
    s3.put_bucket_policy(Bucket="shop-mail", Policy=document(lets_in))
    ses.create_receipt_rule_set(RuleSetName="shop")
    return ses


def rule_to(bucket: str, name: str = "save", **more: Any) -> dict[str, Any]:
    action = {"S3Action": {"BucketName": bucket, "ObjectKeyPrefix": "in/"}}
    return {
        "RuleSetName": "shop",
        "Rule": {"Name": name, "Enabled": True, "Actions": [action], **more},
    }


def keys(sandbox: Sandbox) -> list[str]:
    listed = sandbox.client("s3").list_objects_v2(Bucket="shop-mail").get("Contents", [])
    return [entry["Key"] for entry in listed]


@pytest.mark.mends
def test_mail_for_a_domain_is_saved(domain: Any, sandbox: Sandbox, clock: Clock) -> None:
    domain.create_receipt_rule(**rule_to("shop-mail", Recipients=["box@example.com"]))

    def write(to: str) -> None:
        clock.advance(seconds=5)
        send(domain, [to])

    write("box@example.com")
    assert len(keys(sandbox)) == 1  # the set is not active yet
    domain.set_active_receipt_rule_set(RuleSetName="shop")
    write("desk@example.com")
    assert len(keys(sandbox)) == 1  # nobody asked for this one
    write("box@example.com")

    [saved] = [key for key in keys(sandbox) if "AMAZON" not in key]
    body = sandbox.client("s3").get_object(Bucket="shop-mail", Key=saved)["Body"].read()
    assert saved.startswith("in/")
    assert b"Subject: Gala\r\n" in body
    assert b"Doors at seven." in body


@pytest.mark.mends
def test_a_bucket_must_let_ses_in(domain: Any, sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.client("s3").create_bucket(Bucket="closed")

    for bucket in ("closed", "nowhere"):
        said = refusal(domain.create_receipt_rule, **rule_to(bucket))
        assert said == f"InvalidS3Configuration: Could not write to bucket: {bucket}"


@pytest.mark.mends
def test_a_bucket_gets_a_first_object(domain: Any, sandbox: Sandbox) -> None:
    domain.create_receipt_rule(**rule_to("shop-mail"))

    assert keys(sandbox) == ["in/AMAZON_SES_SETUP_NOTIFICATION"]


@pytest.mark.mends
def test_a_receipt_rule_has_a_name_of_its_own(domain: Any, refusal: Refusal) -> None:
    domain.create_receipt_rule(**rule_to("shop-mail"))

    said = refusal(domain.create_receipt_rule, **rule_to("shop-mail", Recipients=["example.com"]))
    assert said == "AlreadyExists: Rule already exists: save"


@pytest.mark.right
def test_an_active_rule_set_is_not_deleted(ses: Any, refusal: Refusal) -> None:
    ses.create_receipt_rule_set(RuleSetName="shop")
    ses.set_active_receipt_rule_set(RuleSetName="shop")

    said = refusal(ses.delete_receipt_rule_set, RuleSetName="shop")
    assert said == "CannotDelete: Cannot delete active rule set: shop"


# ---- the v2 API ----


@pytest.fixture
def sesv2(sandbox: Sandbox) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    return sandbox.session.client("sesv2", region_name="us-east-1", config=config)


def send_v2(sesv2: Any, to: str = ANA) -> Any:
    return sesv2.send_email(
        FromEmailAddress=SHOP,
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": "Gala"}, "Body": {"Text": {"Data": "At seven."}}}},
    )


@pytest.mark.mends
def test_an_account_is_in_the_sandbox(shop: Any, sesv2: Any) -> None:
    send(shop)
    account = sesv2.get_account()

    assert account["ProductionAccessEnabled"] is False
    assert account["SendQuota"] == {
        "Max24HourSend": 200.0,
        "MaxSendRate": 1.0,
        "SentLast24Hours": 1.0,
    }


@pytest.mark.mends
def test_the_v2_api_has_codes_of_its_own(
    sesv2: Any, sandbox: Sandbox, clock: Clock, refusal: Refusal
) -> None:
    for address in (SHOP, ANA):
        sesv2.create_email_identity(EmailIdentity=address)
        assert not sesv2.get_email_identity(EmailIdentity=address)["VerifiedForSendingStatus"]
    said = refusal(send_v2, sesv2=sesv2)
    assert said == NOT_VERIFIED + f"{SHOP}, {ANA}"

    for address in (SHOP, ANA):
        inbox(sandbox, address)[0].click()
        shown = sesv2.get_email_identity(EmailIdentity=address)
        assert shown["VerificationStatus"] == "SUCCESS"
    send_v2(sesv2)
    assert refusal(send_v2, sesv2=sesv2) == (
        "TooManyRequestsException: Maximum sending rate exceeded."
    )
    assert inbox(sandbox, ANA)[-1].text == "At seven."
    assert refusal(sesv2.create_email_identity, EmailIdentity=SHOP).startswith("AlreadyExists")
