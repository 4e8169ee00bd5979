"""The rows of the table: what goes wrong, and what has to hold then."""

from dataclasses import dataclass, field

from check.answers import Bounds


@dataclass
class Row:
    """One kind of fault. `run` is called with the world and the number of rounds, while people are at it."""

    name: str
    title: str
    run: object
    databases: tuple = ("sqlite", "postgres")
    rounds: int = 5
    servers: int = 1
    environment: dict = field(default_factory=dict)
    bounds: object = lambda world: Bounds()
    # What else the row needs before servers start: called with the world.
    prepare: object = None
    # What has to hold beyond what holds for all, given the journal: answers violations.
    judge: object = lambda records: []
    # Why it can't be run here, or None.
    missing: object = lambda: None
    # How long mails may take to go out at last.
    mail_seconds: float = 30
    users: int = 40
    rate: int = 40
    # Whether it is among those of scripts/faults.sh --short, and with how many rounds.
    short: int = 0
