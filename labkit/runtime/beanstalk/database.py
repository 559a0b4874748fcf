"""A database that belongs to an environment, and goes with it as its deletion policy says.

It is a database of the sandbox's RDS, so that `boto3.client("rds")` sees it.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.db.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.runtime.beanstalk.options import DATABASE, Options, value_of

if TYPE_CHECKING:
    from labkit.sandbox.sandbox import Sandbox

NAME = "ebdb"  # of the database in the instance, as Beanstalk names it


class Coupled:
    """The database instance of one environment."""

    def __init__(self, sandbox: Sandbox, environment: str, options: Options) -> None:
        self._sandbox = sandbox
        self.id = f"awseb-{environment}-database"
        self.policy = value_of(options, DATABASE, "DBDeletionPolicy").capitalize()
        engine = value_of(options, DATABASE, "DBEngine")
        password = value_of(options, DATABASE, "DBPassword")
        user = value_of(options, DATABASE, "DBUser")
        with sandbox.quietly():
            self._rds.create_db_instance(
                DBInstanceIdentifier=self.id,
                DBName=NAME,
                Engine=engine,
                DBInstanceClass="db.t3.micro",
                AllocatedStorage=20,
                MasterUsername=user,
                MasterUserPassword=password,
            )
        made = _instance(self.id)
        self.properties = {
            "RDS_HOSTNAME": str(made.address),
            "RDS_PORT": str(made.port),
            "RDS_DB_NAME": NAME,
            "RDS_USERNAME": user,
            "RDS_PASSWORD": password,
        }

    def end(self) -> str:
        """Do what the deletion policy says, and say it."""
        if self.policy == "Retain":
            return f"The database {self.id} is retained, outside of the environment."
        with self._sandbox.quietly():
            if self.policy == "Snapshot":
                snapshot = f"{self.id}-final"
                self._rds.delete_db_instance(
                    DBInstanceIdentifier=self.id, FinalDBSnapshotIdentifier=snapshot
                )
                return f"The database {self.id} is deleted; the snapshot {snapshot} is left."
            self._rds.delete_db_instance(DBInstanceIdentifier=self.id, SkipFinalSnapshot=True)
        return f"The database {self.id} is deleted, with its data."

    @property
    def _rds(self) -> Any:
        return self._sandbox.client("rds")


def _instance(id: str) -> Any:
    """moto's database: its address is settled before RDS tells it."""
    from moto.rds.models import rds_backends

    backends: Any = rds_backends
    return next(
        backend.databases[id]
        for _, _, backend in backends.iter_backends()
        if id in backend.databases
    )
