"""The account's databases in a Region, where moto's own is not enough."""

from __future__ import annotations

from typing import Any

from moto.rds import urls
from moto.rds.models import RDSBackend

from labkit.fidelity.rds.common import after
from labkit.fidelity.rds.instance import (
    CREATING_S,
    DEFERRED,
    DELETING_S,
    FAILING_OVER_S,
    MODIFYING_S,
    REBOOTING_S,
    STARTING_S,
)
from labkit.sandbox.sandbox import Sandbox


class Backend(RDSBackend):
    """The databases of one Region."""

    @property
    def _url_module(self) -> Any:
        return urls  # moto would look for it beside this module

    def default_key(self) -> str:
        """The ARN of the key aws/rds, which comes to be when it is first needed."""
        kms: Any = self.kms
        return str(kms.keys[kms.get_key_id_from_alias("alias/aws/rds")].arn)

    def restore_db_instance_from_db_snapshot(self, *args: Any, **kwargs: Any) -> Any:
        """A new database, with nothing of the old one but its data and its settings."""
        return self._renewed(super().restore_db_instance_from_db_snapshot(*args, **kwargs))

    def restore_db_instance_to_point_in_time(self, *args: Any, **kwargs: Any) -> Any:
        """A new database beside the old one."""
        return self._renewed(super().restore_db_instance_to_point_in_time(*args, **kwargs))

    def _renewed(self, database: Any) -> Any:
        database.is_replica, database.source_db_instance_identifier = False, None
        database.deletion_protection = False
        return database

    def create_db_instance_read_replica(self, db_kwargs: Any) -> Any:
        """A replica begins without backups, standby and protection of its own."""
        replica: Any = super().create_db_instance_read_replica(db_kwargs)
        replica.multi_az = bool(db_kwargs.get("multi_az"))
        replica.deletion_protection = bool(db_kwargs.get("deletion_protection"))
        replica.backup_retention_period = 0
        replica.pending_modified_values = {}
        replica.status_infos = [
            {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
        ]
        replica.become_new()
        replica.move([("creating", CREATING_S)])
        return replica

    def promote_read_replica(self, db_kwargs: Any) -> Any:
        """The replica is cut off from its source."""
        database: Any = self.databases[db_kwargs["db_instance_identifier"]]
        self._cut_off(database)
        days = db_kwargs.get("backup_retention_period")
        database.stand_alone(1 if days is None else days)
        return database

    def _cut_off(self, replica: Any) -> None:
        source: Any = self.find_db_from_id(replica.source_db_instance_identifier)
        names = (replica.db_instance_identifier, replica.db_instance_arn)
        source.replicas = [name for name in source.replicas if name not in names]

    def modify_db_instance(self, db_instance_identifier: str, db_kwargs: Any) -> Any:
        """What interrupts the database waits for its maintenance window, unless told not to."""
        database: Any = self.databases[db_instance_identifier]
        waiting = {
            name: db_kwargs[name]
            for name in DEFERRED
            if db_kwargs.get(name) is not None and db_kwargs[name] != getattr(database, name)
        }
        turned_on = not int(database.backup_retention_period)
        if db_kwargs.get("apply_immediately"):
            waiting = {}
        for name in waiting:
            del db_kwargs[name]
        super().modify_db_instance(db_instance_identifier, db_kwargs)
        if turned_on and int(database.backup_retention_period):
            database.backed_up_since = after(MODIFYING_S)
        database.drop_old_backups()
        if waiting:
            database.defer(waiting)
        else:
            database.move([("modifying", MODIFYING_S)])
        return database

    def reboot_db_instance(self, db_instance_identifier: str, failover: bool = False) -> Any:
        """Start the engine again, on the standby if asked."""
        database: Any = super().reboot_db_instance(db_instance_identifier)
        if failover:
            database.fail_over()
        database.move([("rebooting", FAILING_OVER_S if failover else REBOOTING_S)])
        return database

    def stop_db_instance(self, *args: Any, **kwargs: Any) -> Any:
        """Stop, for seven days at most."""
        database: Any = super().stop_db_instance(*args, **kwargs)
        database.stop_for_a_while()
        return database

    def start_db_instance(self, *args: Any, **kwargs: Any) -> Any:
        """Start what was stopped."""
        database: Any = super().start_db_instance(*args, **kwargs)
        database.move([("starting", STARTING_S)])
        return database

    def delete_db_instance(
        self,
        db_instance_identifier: str,
        final_db_snapshot_identifier: str | None = None,
        skip_final_snapshot: bool | None = False,
        delete_automated_backups: bool | None = True,
    ) -> Any:
        """Be deleting for a while; replicas in the Region become databases of their own."""
        database: Any = self.databases.get(db_instance_identifier)
        if database is None or database.deletion_protection:
            return super().delete_db_instance(db_instance_identifier)  # which refuses
        if final_db_snapshot_identifier and not skip_final_snapshot:
            self.create_db_snapshot(db_instance_identifier, final_db_snapshot_identifier)
        database.move([], "deleting")

        def finish() -> None:
            for name in [*database.replicas]:
                if name in self.databases:
                    replica: Any = self.databases[name]
                    replica.stand_alone(1)
            super(Backend, self).delete_db_instance(
                db_instance_identifier, None, True, delete_automated_backups
            )

        Sandbox.current().clock.call_after(DELETING_S, finish)
        return database
