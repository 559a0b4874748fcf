"""A DB instance that takes its time, and its backups.

    create ─▶ creating ─▶ backing-up ─▶ available ─▶ modifying, rebooting, stopping … ─▶ available
    every day, in the backup window: an automated snapshot, kept as long as the retention says

AWS promises none of these times; the seconds below are what is often seen.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds import models as moto_rds

from labkit.fidelity.rds.common import after, limit, now
from labkit.sandbox.sandbox import Sandbox

CREATING_S = 300
BACKING_UP_S = 60
MODIFYING_S = 120
REBOOTING_S = 60
FAILING_OVER_S = 90
STOPPING_S = 120
STARTING_S = 180
DELETING_S = 180
SNAPSHOT_S = 120
LOG_LAG_S = 300  # transaction logs are kept every five minutes
# What waits for the maintenance window unless ApplyImmediately is set.
DEFERRED = (
    "allocated_storage",
    "db_instance_class",
    "engine_version",
    "iops",
    "multi_az",
    "storage_type",
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


_MotoInstance = moto_rds.DBInstance  # by this name: labkit's takes the place of the other


class Instance(_MotoInstance):
    """One database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pending_modified_values: dict[str, Any] = {}
        self.status_infos: list[dict[str, Any]] | None = None
        self.become_new()
        backups = int(self.backup_retention_period) > 0
        if not self.db_cluster_identifier:
            steps = [("backing-up", BACKING_UP_S)] if backups else []
            self.move([("creating", CREATING_S), *steps])

    def become_new(self) -> None:
        """An identity of its own, without a past."""
        self._turn = 0
        self.instance_create_time = self.created = now()
        self.dbi_resource_id = f"db-{mock_random.get_random_string(26).upper()}"
        self.backed_up_since = after(CREATING_S)
        self._place_standby()
        if self.storage_encrypted and self.kms_key_id in (None, "default_kms_key_id"):
            backend: Any = self.backend
            self.kms_key_id = backend.default_key()
        Sandbox.current().clock.call_at(self._next(self.preferred_backup_window), self._back_up)

    def _place_standby(self) -> None:
        """A standby lies in another zone."""
        zones = [f"{self.region}{letter}" for letter in "ab"]
        other = next(zone for zone in zones if zone != self.availability_zone)
        self.secondary_availability_zone = other if self.multi_az else None

    def move(self, steps: list[tuple[str, float]], last: str = "available") -> None:
        """Be in some states for some seconds each, then in the last."""
        self._turn += 1
        self._take(self._turn, [*steps, (last, 0)])

    def _take(self, turn: int, steps: list[tuple[str, float]]) -> None:
        if turn != self._turn:
            return  # something else came first
        (self.status, seconds), *rest = steps
        if rest:
            Sandbox.current().clock.call_after(seconds, lambda: self._take(turn, rest))

    @property
    def endpoint(self) -> Any:
        """Where to connect; nowhere while it is being created."""
        return None if self.status == "creating" else super().endpoint

    @property
    def latest_restorable_time(self) -> Any:
        """Until when it can be restored: some minutes ago; None without backups."""
        if not self.backed_up:
            return None
        return max(self.backed_up_since, now() - timedelta(seconds=LOG_LAG_S))

    @property
    def backed_up(self) -> bool:
        """Whether there are automated backups, of some minutes at least."""
        return int(self.backup_retention_period) > 0 and now() > self.backed_up_since

    @property
    def earliest_restorable_time(self) -> datetime:
        """From when on it can be restored."""
        kept = timedelta(days=int(self.backup_retention_period))
        return max(self.backed_up_since, now() - kept)

    @staticmethod
    def default_storage_type(iops: Any) -> str:
        """Gp3 unless IOPS are asked for."""
        return "gp3" if iops is None else "io1"

    @staticmethod
    def default_allocated_storage(engine: str, storage_type: str) -> int:
        """As much as the type needs."""
        known = {"gp3": "gp2", "io2": "io1"}.get(storage_type, storage_type)
        return _MotoInstance.default_allocated_storage(engine, known)

    # ---- what happens by itself ----

    def _next(self, window: str) -> datetime:
        """When a window of a day (13:14-13:44), or of a week (wed:06:38-…), begins next."""
        *day, hour, minute = window.split("-", maxsplit=1)[0].split(":")
        at = datetime.combine(now().date(), time(int(hour), int(minute)), tzinfo=now().tzinfo)
        while at <= now() or (day and _DAYS[at.weekday()] != day[0]):
            at += timedelta(days=1)
        return at

    @property
    def _there(self) -> bool:
        return self.backend.databases.get(self.db_instance_identifier) is self

    def _back_up(self) -> None:
        """The daily automated snapshot; those beyond the retention go."""
        if not self._there:
            return
        clock = Sandbox.current().clock
        clock.call_at(self._next(self.preferred_backup_window), self._back_up)
        if int(self.backup_retention_period) > 0 and self.status == "available":
            self.save_automated_backup()
        self.drop_old_backups()

    def drop_old_backups(self) -> None:
        """Delete the automated snapshots that are older than the retention."""
        oldest = now() - timedelta(days=int(self.backup_retention_period))
        for id, snapshot in [*self.backend.database_snapshots.items()]:
            own = snapshot.db_instance_identifier == self.db_instance_identifier
            old = snapshot.created.replace(tzinfo=now().tzinfo) <= oldest
            if own and old and snapshot.snapshot_type == "automated":
                self.backend.delete_db_snapshot(id)

    def save_automated_backup(self) -> None:
        """A snapshot that is the service's own; none where backups are turned off."""
        if int(self.backup_retention_period) > 0:
            super().save_automated_backup()

    def defer(self, values: dict[str, Any]) -> None:
        """Keep changes for the next maintenance window."""
        self.pending_modified_values |= {_pascal(name): value for name, value in values.items()}
        at = self._next(self.preferred_maintenance_window)

        def apply() -> None:
            if self._there and self.pending_modified_values:
                self.pending_modified_values = {}
                self.update(**values)
                self._place_standby()
                self.move([("modifying", MODIFYING_S)])

        Sandbox.current().clock.call_at(at, apply)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Change; a standby comes or goes with MultiAZ."""
        super().update(*args, **kwargs)
        self._place_standby()

    def fail_over(self) -> None:
        """The standby takes over, in its own zone."""
        here, there = self.availability_zone, self.secondary_availability_zone
        self.availability_zone, self.secondary_availability_zone = str(there), here

    def stop_for_a_while(self) -> None:
        """Stop, and start again by itself after seven days."""
        self.move([("stopping", STOPPING_S)], "stopped")
        turn = self._turn

        def start() -> None:
            if self._there and turn == self._turn:
                self.move([("starting", STARTING_S)])

        Sandbox.current().clock.call_after(STOPPING_S + limit("stopped_max_s"), start)

    def stand_alone(self, retention_days: int) -> None:
        """A replica becomes a database of its own."""
        self.is_replica = False
        self.source_db_instance_identifier = None
        self.status_infos = None
        self.backup_retention_period = retention_days
        self.backed_up_since = after(MODIFYING_S)
        self.move([("modifying", MODIFYING_S), ("rebooting", REBOOTING_S)])


def _pascal(name: str) -> str:
    words = {"db": "DB", "az": "AZ"}
    return "".join(words.get(word, word.capitalize()) for word in name.split("_"))


class Snapshot(moto_rds.DBSnapshot):
    """A copy of a database as it was."""

    def __init__(self, backend: Any, database: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(backend, database, *args, **kwargs)
        self.done_at = after(SNAPSHOT_S)
        if self.snapshot_type == "automated" and database.status == "creating":
            self.done_at = after(CREATING_S + BACKING_UP_S)

    @property
    def status(self) -> str:
        """Creating, then available."""
        return "creating" if now() < self.done_at else "available"

    @status.setter
    def status(self, value: str) -> None:
        self._told = value  # moto's word; the clock knows better

    @property
    def percent_progress(self) -> int:
        """How much of it is there."""
        left = (self.done_at - now()).total_seconds()
        return int(100 * (1 - min(1, max(0, left) / SNAPSHOT_S)))
