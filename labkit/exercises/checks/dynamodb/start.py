"""What lies there when an exercise begins: whatever an earlier attempt left goes first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from labkit.exercises.checks.dynamodb import (
    every_page,
    latest,
    own_orders,
    refunds,
    sold_twice,
    swap,
)
from labkit.exercises.checks.dynamodb.log import typed
from labkit.exercises.ground import remove_group, remove_table, remove_user

if TYPE_CHECKING:
    from labkit.exercises.frame import MakeClient

Items = Iterable[dict[str, str | int]]


def lay_table(client: MakeClient, name: str, keys: dict[str, str], items: Items) -> None:
    """The table with these keys, in their order and each of its type, and these items."""
    from labkit.fidelity.dynamodb import settings

    settings.current().replica_lag_s = 0
    dynamodb = client("dynamodb")
    remove_table(dynamodb, name)
    dynamodb.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": type} for key, type in keys.items()
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in items:
        dynamodb.put_item(TableName=name, Item=typed(item))


_ORDERS = {"customer": "S", "placed_at": "S"}
_SEATS = {"play": "S", "seat": "S"}
_SHEETS = {"play": "S", "sheet": "N"}


def lay_latest(client: MakeClient) -> None:
    """The orders of three customers."""
    lay_table(client, latest.TABLE, _ORDERS, latest.ORDERS)


def lay_every_page(client: MakeClient) -> None:
    """Forty large sheets, and an empty table for the flawed ones."""
    lay_table(client, every_page.SOURCE, _SHEETS, every_page.sheets())
    lay_table(client, every_page.TARGET, _SHEETS, ())


def lay_refunds(client: MakeClient) -> None:
    """Eight orders, three of them with an open refund."""
    lay_table(client, refunds.TABLE, _ORDERS, refunds.ORDERS)


def lay_sold_twice(client: MakeClient) -> None:
    """Two free seats, and replicas that lag a second behind."""
    lay_table(client, sold_twice.TABLE, _SEATS, sold_twice.SEATS)
    from labkit.fidelity.dynamodb import settings

    settings.current().replica_lag_s = sold_twice.LAG_S


def lay_swap(client: MakeClient) -> None:
    """Three seats and who holds them."""
    lay_table(client, swap.TABLE, _SEATS, swap.SEATS)


def lay_own_orders(client: MakeClient) -> None:
    """A group of two customers, and a policy that gives them more than is theirs."""
    lay_table(client, latest.TABLE, _ORDERS, latest.ORDERS)
    iam: Any = client("iam")
    for name in (*own_orders.MEMBERS, own_orders.NEWCOMER):
        remove_user(iam, name)
    remove_group(iam, own_orders.GROUP)
    iam.create_group(GroupName=own_orders.GROUP)
    iam.put_group_policy(
        GroupName=own_orders.GROUP,
        PolicyName=own_orders.POLICY,
        PolicyDocument=own_orders.lax(),
    )
    for name in own_orders.MEMBERS:
        iam.create_user(UserName=name)
        iam.add_user_to_group(GroupName=own_orders.GROUP, UserName=name)
