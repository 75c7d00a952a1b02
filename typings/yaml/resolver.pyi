from typing import Any

class Resolver:
    def resolve(self, kind: type[Any], value: str | None, implicit: Any) -> str: ...
