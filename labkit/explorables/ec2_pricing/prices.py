"""The prices of the instance: each fact by its full name, as the page takes along only those."""

from __future__ import annotations

from labkit.facts import fact, get
from labkit.models.ec2_pricing.offers import ALL, NONE, PARTIAL

RI, CONVERTIBLE, INSTANCE_PLAN, COMPUTE_PLAN = "ri", "convertible", "isp", "csp"
INSTANCE = "c5.xlarge with Windows in Tokyo"
AS_OF = get("ec2.price_on_demand_hour_usd").as_of
ON_DEMAND_HOUR_USD = float(fact("ec2.price_on_demand_hour_usd"))

# By term in years and payment: USD beforehand, and for each hour.
RESERVED = {
    (1, NONE): (0.0, fact("ec2.price_ri_1y_none_hour_usd")),
    (1, PARTIAL): (
        fact("ec2.price_ri_1y_partial_upfront_usd"),
        fact("ec2.price_ri_1y_partial_hour_usd"),
    ),
    (1, ALL): (fact("ec2.price_ri_1y_all_upfront_usd"), 0.0),
    (3, NONE): (0.0, fact("ec2.price_ri_3y_none_hour_usd")),
    (3, PARTIAL): (
        fact("ec2.price_ri_3y_partial_upfront_usd"),
        fact("ec2.price_ri_3y_partial_hour_usd"),
    ),
    (3, ALL): (fact("ec2.price_ri_3y_all_upfront_usd"), 0.0),
}
# By plan, term in years and payment: USD for an hour.
PLAN_RATES = {
    (INSTANCE_PLAN, 1, NONE): fact("ec2.price_isp_1y_none_hour_usd"),
    (INSTANCE_PLAN, 1, PARTIAL): fact("ec2.price_isp_1y_partial_hour_usd"),
    (INSTANCE_PLAN, 1, ALL): fact("ec2.price_isp_1y_all_hour_usd"),
    (INSTANCE_PLAN, 3, NONE): fact("ec2.price_isp_3y_none_hour_usd"),
    (INSTANCE_PLAN, 3, PARTIAL): fact("ec2.price_isp_3y_partial_hour_usd"),
    (INSTANCE_PLAN, 3, ALL): fact("ec2.price_isp_3y_all_hour_usd"),
    (COMPUTE_PLAN, 1, NONE): fact("ec2.price_csp_1y_none_hour_usd"),
    (COMPUTE_PLAN, 1, PARTIAL): fact("ec2.price_csp_1y_partial_hour_usd"),
    (COMPUTE_PLAN, 1, ALL): fact("ec2.price_csp_1y_all_hour_usd"),
    (COMPUTE_PLAN, 3, NONE): fact("ec2.price_csp_3y_none_hour_usd"),
    (COMPUTE_PLAN, 3, PARTIAL): fact("ec2.price_csp_3y_partial_hour_usd"),
    (COMPUTE_PLAN, 3, ALL): fact("ec2.price_csp_3y_all_hour_usd"),
}
