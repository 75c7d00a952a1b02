"""The kinds of systems, imported when they are needed."""

import sys

import pytest

from custom_components.homelab_ai.monitors import MONITORS, async_load, registry
from homeassistant.block_async_io import _check_import_call_allowed
from homeassistant.core import HomeAssistant


@pytest.mark.parametrize("kind", MONITORS)
async def test_no_import_in_the_loop_once_a_kind_is_loaded(
    kind: str, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant reports an import in the event loop, but not of a module that is there already."""
    await async_load(hass, [kind])
    names: list[str] = []

    def imported(name: str, package: str | None = None) -> object:
        names.append(name)
        return sys.modules[name]

    monkeypatch.setattr(registry, "import_module", imported)
    assert MONITORS[kind].__name__ in registry.CLASSES[kind]
    assert names
    assert all(_check_import_call_allowed({"args": (name,)}) for name in names)
