"""What a house must remember to be entered again with --keep."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path

from .errors import DemoError
from .onboarding import Login


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the house and its simulated hub listened (ports), and whom it belongs to."""

    port: int
    hub_port: int
    language: str
    login: Login

    def save(self, file: Path) -> None:
        """Write it where only its owner can read the password."""
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")


def recalled(file: Path) -> Memory:
    """What `save` wrote; raises DemoError if there was no run before this one."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Memory(**{**content, "login": Login(**content["login"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError) as err:
        raise DemoError(f"There is no house to keep in {file.parent}; start once without --keep") from err
