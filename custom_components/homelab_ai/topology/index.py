"""Which things are found by a key, in the order in which they came."""

from collections.abc import Collection, Iterator


class Index:
    """Ids by key. Of most keys there is one, which then costs no container of its own."""

    def __init__(self) -> None:
        """Find nothing yet."""
        self._found: dict[str, str | dict[str, None]] = {}

    def __contains__(self, key: str) -> bool:
        """Return whether anything is found by a key."""
        return key in self._found

    def __iter__(self) -> Iterator[str]:
        """Yield all keys."""
        return iter(self._found)

    def get(self, key: str) -> Collection[str]:
        """Return the ids that are found by a key."""
        found = self._found.get(key, {})
        return (found,) if isinstance(found, str) else found

    def add(self, key: str, thing_id: str) -> None:
        """Let a thing be found by a key."""
        found = self._found.setdefault(key, thing_id)
        if isinstance(found, dict):
            found[thing_id] = None
        elif found != thing_id:
            self._found[key] = {found: None, thing_id: None}

    def discard(self, key: str, thing_id: str) -> None:
        """Let a thing be found by a key no more."""
        found = self._found.get(key)
        if isinstance(found, dict):
            found.pop(thing_id, None)
        if not found or found == thing_id:
            self._found.pop(key, None)

    def move(self, thing_id: str, before: Collection[str], after: Collection[str]) -> None:
        """Let a thing that was found by some keys be found by others."""
        for key in before:
            if key not in after:
                self.discard(key, thing_id)
        for key in after:
            self.add(key, thing_id)
