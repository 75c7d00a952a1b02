"""What a house must remember to be entered again with --keep."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
import json
from pathlib import Path

from demo.servers.certificates import Certificates

from .errors import DemoError
from .onboarding import Login


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the house and the systems of the simulated homelab (by name) listened, and whom it belongs to.

    `certificates` are those of the systems that speak TLS, None before there were any; `runs` is how often
    the house was kept.
    """

    port: int
    language: str
    login: Login
    ports: Mapping[str, int] = field(default_factory=dict)
    certificates: Certificates | None = None
    runs: int = 0

    def save(self, file: Path) -> None:
        """Write it where only its owner can read the password and the key."""
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")


def recalled(file: Path) -> Memory:
    """What `save` wrote; raises DemoError if there was no run before this one."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        made = content["certificates"]
        return Memory(
            **{
                **content,
                "login": Login(**content["login"]),
                "certificates": None if made is None else Certificates(**made),
            }
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError) as err:
        raise DemoError(f"There is no house to keep in {file.parent}; start once without --keep") from err
