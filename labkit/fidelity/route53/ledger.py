"""The rows of Route 53's ledger that no rule writes."""

from __future__ import annotations

from labkit.fidelity.registry import as_on_aws, corrected, differs
from labkit.fidelity.route53.common import API, GUIDE

_CORRECTED = [
    (
        "A new zone has four name servers, and a start of authority in plain text.",
        "NS with a TTL of two days, SOA with one of fifteen minutes.",
        "a_zone_has_four_name_servers_and_a_start_of_authority",
        GUIDE + "SOA-NSrecords.html",
    ),
    (
        "If one change of a batch is refused, none is made.",
        "Changes are transactional.",
        "a_batch_is_done_whole_or_not_at_all",
        API + "ChangeResourceRecordSets.html",
    ),
    (
        "Of several sets of a name, the one is deleted that the identifier names; those of other "
        "names stay.",
        "Name, type and SetIdentifier tell a record set.",
        "one_of_several_sets_is_deleted_by_its_identifier",
        API + "ResourceRecordSet.html",
    ),
    (
        "Of weighted sets, TestDNSAnswer draws one as often as its weight says, and none of "
        "weight 0.",
        "The ratio of a weight to the sum of all.",
        "a_weighted_answer_comes_as_often_as_its_weight_says",
        GUIDE + "routing-policy-weighted.html",
    ),
    (
        "Of a failover pair, the second answers while the health check of the first fails.",
        "A health check that is inverted turns healthy into unhealthy.",
        "a_failover_answer_changes_when_its_check_fails",
        GUIDE + "routing-policy-failover.html",
    ),
    (
        "A multivalue answer holds up to eight healthy values.",
        "Up to eight healthy records, different ones for different resolvers.",
        "a_multivalue_answer_has_the_healthy_values_up_to_eight",
        GUIDE + "routing-policy-multivalue.html",
    ),
]
_AS_ON_AWS = [
    (
        "A zone that has other records than its own is not deleted.",
        "HostedZoneNotEmpty.",
        "a_zone_with_records_is_not_deleted",
        API + "DeleteHostedZone.html",
    ),
    (
        "A zone that does not exist is named in the error.",
        "NoSuchHostedZone: No hosted zone found with ID: Z….",
        "a_zone_that_is_not_there_is_named",
        API + "GetHostedZone.html",
    ),
    (
        "An alias can stand at the apex.",
        "AliasTarget with the hosted zone id of the load balancer, distribution or bucket.",
        "an_alias_is_permitted_at_the_apex",
        GUIDE + "resource-record-sets-choosing-alias-non-alias.html",
    ),
]
_DIFFERS = [
    (
        "No name server answers: TestDNSAnswer tells what one would, from the records as they are.",
        "The four name servers of the zone answer the whole Internet, and resolvers keep an answer "
        "for its TTL.",
        GUIDE + "welcome-dns-service.html",
    ),
    (
        "A health check is never made: it is healthy unless it is inverted.",
        "Some fifteen checkers around the world probe the endpoint every 30 or 10 seconds.",
        GUIDE + "dns-failover.html",
    ),
    (
        "Latency, geolocation, geoproximity and IP-based routing answer with the default set, or "
        "with the first.",
        "The answer depends on where the resolver, or its client, is.",
        GUIDE + "routing-policy-latency.html",
    ),
    (
        "An alias of another service is answered with its name.",
        "It is answered with the service's addresses of the moment.",
        GUIDE + "resource-record-sets-choosing-alias-non-alias.html",
    ),
    (
        "Domains cannot be registered.",
        "Route 53 is a registrar, too.",
        GUIDE + "registrar.html",
    ),
    (
        "A private zone answers like a public one, whoever asks.",
        "It answers inside the VPCs that it is associated with.",
        GUIDE + "hosted-zones-private.html",
    ),
]
for _behaviour, _aws, _test, _source in _CORRECTED:
    corrected("route53", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _test, _source in _AS_ON_AWS:
    as_on_aws("route53", _behaviour, _aws, test=f"test_{_test}", source=_source)
for _behaviour, _aws, _source in _DIFFERS:
    differs("route53", _behaviour, _aws, source=_source)
