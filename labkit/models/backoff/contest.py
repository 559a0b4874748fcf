"""Clients that begin at one moment, each to get one thing done, and what they do to each other.

At an item, each reads it and then writes it on condition that nobody has written in between
(optimistic locking). Of those who read the same version, the first to write wins; the others are
refused, wait, read again and try again.

    client ── read ──▶ item     version 7
    client ◀─────────           version 7
    client ── write ─▶ item     still 7? then it is 8 now; else refused

At a throttled server, each sends its request; the server takes so many a second and refuses the
others.

    client ── request ──▶ server     a token left? taken; else refused

Times are whole microseconds, so that every interpreter tells the same story.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from labkit.models.backoff.waits import FULL, Waits
from labkit.models.dynamodb_capacity.bucket import Bucket
from labkit.models.limits import within
from labkit.models.rng import Rng

ITEM, SERVER = "item", "server"
US_PER_MS, US_PER_S = 1000, 10**6
# A message takes about 10 ms, give or take 5: the network of the article scatters, too.
TRIP_LEAST_US, TRIP_UNIT_US, TRIP_BITS = 5000, 40, 8
BURST_S = 0.1  # what a throttled server can take at once, in seconds of its rate
CLIENTS_MAX = 200
CALLS_MAX = 100_000

_NETWORK_STREAM, _WAITS_STREAM = 1, 2
_TRIP_MASK = (1 << TRIP_BITS) - 1


@dataclass(frozen=True)
class Params:
    """What decides a run, chance included."""

    strategy: str = FULL
    clients: int = 30
    base_ms: float = 20
    cap_ms: float = 2000
    resource: str = ITEM
    rate_per_s: float = 20
    seed: int = 1

    def __post_init__(self) -> None:
        within("clients", self.clients, 1, CLIENTS_MAX)
        within("base_ms", self.base_ms, 1, 10**6)
        within("cap_ms", self.cap_ms, self.base_ms, 10**7)
        within("rate_per_s", self.rate_per_s, 1, 10**5)


@dataclass(frozen=True)
class Try:
    """A call from its sending to its answer; `served_us` is when the resource decided on it."""

    client: int
    start_us: int
    served_us: int
    end_us: int
    won: bool


@dataclass(frozen=True)
class Contest:
    """All tries, in the order in which the resource decided on them."""

    params: Params
    tries: tuple[Try, ...]

    @property
    def calls(self) -> int:
        """How many times the resource was asked to do something."""
        return len(self.tries)

    @property
    def in_vain(self) -> int:
        """How many of them were refused."""
        return self.calls - self.params.clients

    @property
    def end_us(self) -> int:
        """When the last client was done."""
        return max([each.end_us for each in self.tries])

    def done_us(self) -> list[int]:
        """When each client was done, the first first."""
        return sorted([each.end_us for each in self.tries if each.won])

    def calls_by_time(self, width_us: float, count: int) -> list[int]:
        """How many calls reached the resource in each of `count` spans of so many µs."""
        found = [0] * count
        for each in self.tries:
            found[min(count - 1, int(each.served_us / width_us))] += 1
        return found


def run(params: Params) -> Contest:
    """Let all clients begin at 0 and go on until each is done."""
    return _Run(params).to_the_end()


class _Call:
    """A call that is under way; `read_us` is when the item was read, if one is."""

    __slots__ = ("back_us", "client", "read_us", "start_us")

    def __init__(self, client: int, start_us: int, read_us: int, back_us: int) -> None:
        self.client = client
        self.start_us = start_us
        self.read_us = read_us
        self.back_us = back_us


class _Run:
    def __init__(self, params: Params) -> None:
        self.params = params
        self.at_item = params.resource == ITEM
        self.network = Rng(params.seed, _NETWORK_STREAM)
        chance = Rng(params.seed, _WAITS_STREAM)
        base_us, cap_us = int(params.base_ms * US_PER_MS), int(params.cap_ms * US_PER_MS)
        self.waits = [
            Waits(params.strategy, base_us, cap_us, chance) for _ in range(params.clients)
        ]
        self.written_us = -1  # when the item was last written
        self.bucket = Bucket(params.rate_per_s, 0, max(BURST_S, 1 / params.rate_per_s))
        self.bucket.level = self.bucket.most
        self.filled_us = 0
        self.tries: list[Try] = []
        self.under_way: list[tuple[int, int, _Call]] = []  # when decided on, a tie-breaker
        self.calls = 0

    def to_the_end(self) -> Contest:
        """All calls, in the order in which they are decided on."""
        for client in range(self.params.clients):
            self._send(client, 0)
        while self.under_way and self.calls < CALLS_MAX:
            now_us, _, call = heapq.heappop(self.under_way)
            won = self._takes(call, now_us)
            end_us = now_us + call.back_us
            self.tries.append(Try(call.client, call.start_us, now_us, end_us, won))
            if not won:
                self._send(call.client, end_us + self.waits[call.client].next_us())
        return Contest(self.params, tuple(self.tries))

    def _send(self, client: int, now_us: int) -> None:
        """Begin a call; one draw decides how long its messages take."""
        word = self.network.word()
        there_us = _trip_us(word)
        read_us, decided_us = 0, now_us + there_us
        if self.at_item:
            read_us = decided_us
            decided_us += _trip_us(word >> TRIP_BITS) + _trip_us(word >> 2 * TRIP_BITS)
        call = _Call(client, now_us, read_us, _trip_us(word >> 3 * TRIP_BITS))
        heapq.heappush(self.under_way, (decided_us, self.calls, call))
        self.calls += 1

    def _takes(self, call: _Call, now_us: int) -> bool:
        if self.at_item:
            if self.written_us > call.read_us:  # the version that it read is no longer there
                return False
            self.written_us = now_us
            return True
        self.bucket.fill((now_us - self.filled_us) / US_PER_S)
        self.filled_us = now_us
        if not self.bucket.holds(1):
            return False
        self.bucket.take(1)
        return True


def _trip_us(word: int) -> int:
    """How long a message takes, by the lowest bits of a random word."""
    return TRIP_LEAST_US + (word & _TRIP_MASK) * TRIP_UNIT_US
