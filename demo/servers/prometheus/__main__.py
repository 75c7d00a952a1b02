"""Make Prometheus and Alertmanager available: `python -m demo.servers.prometheus`."""

import sys

from .binaries import BinariesMissingError, install


def main() -> int:
    """Print where they are; 1 if they cannot be had."""
    try:
        found = install()
    except BinariesMissingError as error:
        print(error, file=sys.stderr)
        return 1
    print(found.prometheus, found.alertmanager, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
