"""The rows of the table: the faults, and the guarantees that must hold."""

from dataclasses import dataclass, field

from check.answers import Bounds


@dataclass
class Row:
    """One kind of fault. `run` is called with the world and the number of rounds, under load."""

    name: str
    title: str
    run: object
    databases: tuple = ("sqlite", "postgres")
    rounds: int = 5
    servers: int = 1
    environment: dict = field(default_factory=dict)
    bounds: object = lambda world: Bounds()
    # Prepares the row before the servers start; called with the world.
    prepare: object = None
    # Checks additional guarantees of the row; called with the journal, returns violations.
    judge: object = lambda records: []
    # Returns the reason why the row can't run here, or None.
    missing: object = lambda: None
    # Seconds within which all emails must be sent at the end.
    mail_seconds: float = 30
    users: int = 40
    rate: int = 40
    # The number of rounds with scripts/faults.sh --short; 0 to skip the row.
    short: int = 0
