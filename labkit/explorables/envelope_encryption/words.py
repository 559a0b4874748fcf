"""What the figure says in words and in large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.explorables.controls import number_text
from labkit.explorables.envelope_encryption.captions import LIMIT, caption, ending
from labkit.explorables.envelope_encryption.scene import moment
from labkit.explorables.envelope_encryption.shop import (
    price_note,
    size_text,
    time_text,
    told,
    traffic,
    traffic_of,
)
from labkit.explorables.parts import Big, Entry
from labkit.models.envelope_encryption.protocol import (
    CACHED,
    DIRECT,
    ENVELOPE,
    KMS_KEY,
    OPEN_KEY,
    PLAIN,
    SEALED,
    SEALED_KEY,
)

if TYPE_CHECKING:
    from typing import Any

    from labkit.models.envelope_encryption.protocol import Items
    from labkit.models.envelope_encryption.traffic import Traffic

NOTHING = "–"


def numbers(**values: Any) -> tuple[Big, ...]:
    """The numbers that matter, for the steady stream."""
    now = traffic(values)
    if now.is_refused:
        why = f"refused: Encrypt takes {LIMIT} bytes"
        labels = ("KMS calls a second", "Through KMS for a receipt", "Time to encrypt a receipt")
        return tuple([Big(label, NOTHING, note=why, tone="@failed") for label in labels])
    time, unit = time_text(now.encrypt_s)
    size, _, size_unit = size_text(now.wire_bytes_per_object).partition("\u00a0")
    return (
        _calls(now),
        Big("Through KMS for a receipt", size, size_unit, _readers(now)),
        Big("Time to encrypt a receipt", time, unit, _time_note(now)),
        Big("Cost a month", _usd(now.usd_per_month), "USD", price_note()),
        _exposed(now),
    )


def _calls(now: Traffic) -> Big:
    label, unit = "KMS calls a second", f"of {number_text(now.quota_per_s)}"
    if now.throttled_per_s:
        note = f"{number_text(now.throttled_per_s)} too many: ThrottlingException"
        return Big(label, number_text(now.calls_per_s), unit, note, "@failed")
    return Big(
        label, number_text(now.calls_per_s), unit, "the quota of account and Region, all callers"
    )


def _readers(now: Traffic) -> str:
    if not now.readers:
        return "written, and never read"
    times = "once" if now.readers == 1 else f"{now.readers} times"
    return f"written once and read {times}"


def _time_note(now: Traffic) -> str:
    if now.objects_per_key > 1:
        return f"on average: 1 in {number_text(now.objects_per_key)} waits for KMS"
    return "each waits for KMS"


def _exposed(now: Traffic) -> Big:
    label = "Receipts under one data key"
    if now.mode == DIRECT:
        return Big(label, NOTHING, note="there is none: the KMS key encrypts each")
    note = "one is lost with it, should it leak"
    if now.ages_out:
        note = "the maximum age ends it"
    elif now.objects_per_key > 1:
        note = "all are lost with it, should it leak"
    return Big(label, now.objects_per_key, "", note)


def _usd(usd: float) -> str:
    return number_text(usd) if usd >= 100 else f"{usd:.2f}"


def reading(**values: Any) -> str:
    """What a steady stream of receipts asks of KMS, and why; the story's steps are in the path."""
    now = traffic(values)
    size = size_text(now.size_bytes)
    if now.is_refused:
        return (
            f"KMS refuses a receipt of {size}: Encrypt takes at most {LIMIT} bytes. In an envelope "
            f"it may have any size, since only the data key goes through KMS."
        )
    passed = size_text(now.wire_bytes_per_object)
    calls = f"{number_text(now.calls_per_s)} calls to KMS a second"
    told_of = {DIRECT: _directly, ENVELOPE: _in_envelopes, CACHED: _cached}[now.mode]
    text = told_of(values, now, calls).replace("{size}", size).replace("{passed}", passed)
    if now.throttled_per_s:
        quota = number_text(now.quota_per_s)
        text += f" The quota of {quota} refuses what is beyond it, whoever in the account asks."
    return text


def _directly(_values: Any, _now: Traffic, calls: str) -> str:
    return f"Each receipt of {{size}} goes through KMS itself: {calls} carry {{passed}} for each."


def _in_envelopes(_values: Any, now: Traffic, calls: str) -> str:
    return (
        f"A receipt of {{size}} never goes to KMS. {{passed}} of keys do, whatever its size; "
        f"{calls} cost {_usd(now.usd_per_month)} USD a month."
    )


def _cached(values: Any, now: Traffic, calls: str) -> str:
    if now.objects_per_key == 1:
        why = "a key may serve one receipt only"
        if now.max_messages > 1:
            why = "each process writes too seldom to use a key again before its maximum age"
        return f"The cache saves nothing here, because {why}: {calls}."
    without = traffic_of(values, ENVELOPE, now.size_bytes).calls_per_s
    end = "then its maximum age is over" if now.ages_out else "the most it may"
    return (
        f"A data key in the cache serves {number_text(now.objects_per_key)} receipts, {end}: "
        f"{calls} instead of {number_text(without)}."
    )


def path(**values: Any) -> tuple[Entry, ...]:
    """The step at the playhead's moment, and who holds what after it."""
    here = moment(values)
    title, says = ending(values) if here.is_end else caption(values, here.step)
    name = f"Step {here.index} of {len(told(values)) - 1}. {title}:"
    entries = [Entry(name, says.replace("<br>", " "), "▸", "@ink2")]
    for party, items in (
        ("KMS", here.step.kms),
        ("Your code", here.step.code),
        ("Storage", here.step.storage),
    ):
        opened = [item for item in items if item.kind in (PLAIN, OPEN_KEY)]
        sign, tone = ("□", "@flight") if opened else ("■", "@done")
        entries.append(Entry(party, f"holds {_list(items)}.", sign, tone))
    return tuple(entries)


def _list(items: Items) -> str:
    """The items, those of a kind counted.

    >>> from labkit.models.envelope_encryption.protocol import Item
    >>> _list((Item(PLAIN, 1), Item(SEALED_KEY, 1), Item(SEALED_KEY, 2)))
    'a receipt in plaintext and 2 encrypted data keys'
    """
    said = []
    for kind, one, many in (
        (KMS_KEY, "the KMS key", ""),
        (PLAIN, "a receipt in plaintext", "receipts in plaintext"),
        (SEALED, "a ciphertext", "ciphertexts"),
        (OPEN_KEY, "a plaintext data key", "plaintext data keys"),
        (SEALED_KEY, "an encrypted data key", "encrypted data keys"),
    ):
        count = len([item for item in items if item.kind == kind])
        if count:
            said.append(one if count == 1 else f"{count} {many}")
    if not said:
        return "nothing"
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
