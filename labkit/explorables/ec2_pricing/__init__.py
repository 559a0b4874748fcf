"""When does a promise to pay cost less than paying by the hour?"""

from __future__ import annotations

from labkit.explorables.controls import Choice, Slider
from labkit.explorables.ec2_pricing.figure import figure
from labkit.explorables.ec2_pricing.prices import (
    AS_OF,
    COMPUTE_PLAN,
    CONVERTIBLE,
    INSTANCE,
    INSTANCE_PLAN,
    RI,
)
from labkit.explorables.ec2_pricing.shop import PAYMENTS
from labkit.explorables.ec2_pricing.tasks import TASKS
from labkit.explorables.ec2_pricing.words import numbers, reading
from labkit.explorables.parts import Explorable, Preset, Source
from labkit.facts import fact
from labkit.models.ec2_pricing.offers import MONTH_H, NONE, PARTIAL

GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
PLANS = "https://docs.aws.amazon.com/savingsplans/latest/userguide/"
INSTANCES_MAX = 6

EXPLORABLE = Explorable(
    slug="ec2_pricing",
    title="A promise, or by the hour",
    question="When does a promise to pay cost less than paying by the hour?",
    controls=(
        Slider(
            "peak_h",
            "The peak runs",
            0,
            MONTH_H,
            220,
            step=10,
            unit="hours a month",
            help="Each instance of the peak, at the same hours. Those of the base run all 730.",
        ),
        Choice(
            "plan",
            "The promise",
            (
                (RI, "Reserved Instance, standard"),
                (CONVERTIBLE, "Reserved Instance, convertible"),
                (INSTANCE_PLAN, "EC2 Instance Savings Plan"),
                (COMPUTE_PLAN, "Compute Savings Plan"),
            ),
            RI,
        ),
        Slider("committed", "Promised for", 0, 2 * INSTANCES_MAX, 2, unit="instances"),
        Slider(
            "spot",
            "On Spot, at most",
            0,
            2 * INSTANCES_MAX,
            0,
            unit="instances",
            help="Those that may be interrupted, from the top of the stack.",
        ),
        Choice("years", "Term", ((1, "1 year"), (3, "3 years")), 1, more=True),
        Choice("payment", "Payment", PAYMENTS, NONE, more=True),
        Slider("base", "The base", 0, INSTANCES_MAX, 2, unit="instances", more=True),
        Slider("peak", "The peak", 0, INSTANCES_MAX, 3, unit="instances more", more=True),
        Slider(
            "convertible_percent",
            "A convertible one saves",
            0,
            int(fact("ec2.isp_saves_max_percent")),
            15,
            unit="%",
            more=True,
            help="Assumed, since no price of this instance was found.",
        ),
        Slider(
            "spot_percent",
            "Spot saves",
            0,
            int(fact("ec2.spot_saves_max_percent")),
            60,
            step=5,
            unit="%",
            more=True,
            help="Assumed: Spot prices change with supply and demand. AWS speaks of up to "
            f"{fact('ec2.spot_saves_max_percent')}%.",
        ),
        Slider(
            "lost_percent",
            "Interruptions undo",
            0,
            20,
            5,
            unit="% of the work on Spot",
            more=True,
            help="Assumed, and done again on Spot.",
        ),
    ),
    figure=figure,
    reading=reading,
    numbers=numbers,
    tasks=TASKS,
    presets=(
        Preset(
            "base",
            "Promise the base",
            {},
            "Two instances run day and night, three more by day. Promising the two saves; turn "
            "up what is promised, one by one, and watch the pale part of the bars.",
        ),
        Preset(
            "peak",
            "Promise the peak too",
            {"committed": 5},
            "All five are promised. The three above the base run 220 hours a month and pay "
            "for 730.",
        ),
        Preset(
            "mixed",
            "Promise below, Spot on top",
            {"spot": 2, "payment": PARTIAL},
            "The base is promised, two of the peak may be interrupted, and one must run on: "
            "On-Demand.",
        ),
        Preset(
            "long",
            "Three years",
            {"years": 3, "peak_h": 520, "committed": 2},
            "A longer term moves the break-even point down. Is the peak long enough to be "
            "promised as well?",
        ),
        Preset(
            "flexible",
            "A plan that moves along",
            {"plan": COMPUTE_PLAN},
            "A Compute Savings Plan follows you to other families, Regions, Fargate and Lambda. "
            "That costs a part of the discount: see where it breaks even.",
        ),
    ),
    not_modelled=(
        f"Prices are those of one instance type, {INSTANCE}, as of {AS_OF}, from a saved output "
        "of AWS’s Pricing Calculator whose date is inferred. Yours differ, by type, Region and "
        "system; ask the calculator.",
        "What Spot and convertible Reserved Instances save is assumed, not AWS’s price.",
        "All instances are alike. Real commitments meet many types: Reserved Instances apply "
        "first, then EC2 Instance Savings Plans, then Compute ones, where each saves most.",
        "A zonal Reserved Instance also reserves capacity; a regional one is a discount only.",
        "A Spot instance that EC2 interrupts within its first hour costs nothing. Here what is "
        "lost is paid.",
        "Volumes, addresses and data transfer cost besides, whichever way the instance pays.",
        "What is paid beforehand is spread over the term, without interest.",
    ),
    sources=(
        Source("Reserved Instances", GUIDE + "ec2-reserved-instances.html"),
        Source("How Reserved Instances apply", GUIDE + "apply_ri.html"),
        Source("Savings Plans", PLANS + "what-is-savings-plans.html"),
        Source("How Savings Plans apply", PLANS + "sp-applying.html"),
        Source(
            "What interrupted Spot costs", GUIDE + "billing-for-interrupted-spot-instances.html"
        ),
        Source("AWS Pricing Calculator", "https://calculator.aws/"),
    ),
)
