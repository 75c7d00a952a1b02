"""The simulated homelab of scripts/demo, and how its systems are added to a real Home Assistant."""

import io

import pytest

from custom_components.homelab_ai.const import HUB
from custom_components.homelab_ai.monitors import MONITORS
from demo.house import automations, lab as simulated
from demo.house.console import Console
from demo.house.errors import DemoError
from demo.house.memory import Memory
from demo.house.onboarding import Login
from demo.house.options import Options
from demo.house.phrases import PHRASES
from demo.house.systems import systems
from demo.servers.prometheus import BinariesMissingError, find
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from tests.common import set_up
from tests.systems import system_form, watched_homelab

pytestmark = pytest.mark.usefixtures("socket_enabled")

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)
ENGLISH = PHRASES["en"]
OWN_HUB = Options(hub="http://127.0.0.1:11434")


def fresh(**known: object) -> Memory:
    return Memory(8123, "en", Login("demo", "demo"), **known)  # type: ignore[arg-type]  # what a case needs


def console() -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(stream), stream


@pytest.fixture
def no_prometheus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Prometheus be nowhere to be had, and no Gitea be built."""

    def fail() -> None:
        raise BinariesMissingError("apt-get: no network")

    monkeypatch.setattr(simulated, "find", lambda: None)
    monkeypatch.setattr(simulated, "install", fail)
    monkeypatch.setattr(simulated, "home", lambda: None)


@pytest.mark.usefixtures("no_prometheus")
async def test_without_prometheus_the_rest_goes_on() -> None:
    to, said = console()
    async with simulated.opened(Options(), to, fresh()) as lab:
        assert (lab.prometheus, lab.alertmanager) == (None, None)
        assert all(server.running for _, server in lab.servers())
        kinds = {system.kind for system in systems(lab, ENGLISH)}
    assert kinds == {*MONITORS, HUB} - {"prometheus", "alertmanager"}
    assert "Prometheus and Alertmanager are left out: apt-get: no network" in said.getvalue()
    assert not any(server.running for _, server in lab.servers())


@pytest.mark.usefixtures("no_prometheus")
async def test_a_kept_homelab_is_where_it_was() -> None:
    to, _ = console()
    async with simulated.opened(Options(), to, fresh()) as lab:
        ports, certificates = lab.ports, lab.certificates
        taken = fresh(ports={"open_webui": ports["open_webui"]})
        with pytest.raises(DemoError, match=f"open_webui cannot listen on port {ports['open_webui']}"):
            async with simulated.opened(Options(), to, taken):
                pass
    assert len(ports) == len(set(ports.values())) == 13
    async with simulated.opened(Options(), to, fresh(ports=ports, certificates=certificates)) as lab:
        assert (lab.ports, lab.certificates) == (ports, certificates)


@pytest.mark.usefixtures("no_prometheus")
async def test_beside_somebodys_own_hub_nothing_pretends_to_be_it() -> None:
    to, _ = console()
    async with simulated.opened(OWN_HUB, to, fresh()) as lab:
        assert (lab.hub, lab.standby, lab.gpu) == (None, None, None)
        assert HUB not in {system.kind for system in systems(lab, ENGLISH)}


@pytest.mark.usefixtures("no_prometheus")
async def test_where_no_gitea_was_built_a_simulated_forge_takes_its_place() -> None:
    to, said = console()
    async with simulated.opened(Options(), to, fresh()) as lab:
        assert lab.gitea is None
        (forge,) = (system for system in systems(lab, ENGLISH) if system.kind == "forge")
        assert forge.url == f"{lab.forge.url}/homelab/apps"
    assert "a simulated GitHub takes its place" in said.getvalue()


@needs_binaries
async def test_every_system_can_be_added(hass: HomeAssistant) -> None:
    """The forms as the demonstration fills them, in the real flows, with the real checks."""
    to, _ = console()
    async with simulated.opened(Options(), to, fresh()) as lab:
        assert lab.hub is not None
        assert lab.prometheus is not None
        entry = await set_up(hass, watched_homelab(lab.hub.url))
        refused = {}
        for system in systems(lab, ENGLISH):
            if system.kind == HUB:
                result = await hass.config_entries.subentries.async_init(
                    (entry.entry_id, HUB), context={"source": SOURCE_USER}
                )
            else:
                result = await system_form(hass, entry, system.kind)
            # A doubt is told once, and what is sent again is saved.
            for _ in range(3):
                if result["type"] is FlowResultType.FORM:
                    # What could be measured as well is left as it is offered.
                    answer = {} if result["step_id"] == "presets" else system.form
                    result = await hass.config_entries.subentries.async_configure(result["flow_id"], answer)
            if result["type"] is not FlowResultType.CREATE_ENTRY:
                refused[system.kind] = result["errors"]
            await hass.async_block_till_done()
        assert refused == {}
        expected = {*MONITORS, HUB}
        assert {one.data.get("kind", one.subentry_type) for one in entry.subentries.values()} >= expected
        assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("language", sorted(PHRASES))
async def test_the_editor_takes_every_automation(
    language: str, hass: HomeAssistant, no_prometheus: None
) -> None:
    to, _ = console()
    async with simulated.opened(Options(), to, fresh()) as lab:
        assert lab.hub is not None
        await set_up(hass, watched_homelab(lab.hub.url))
        assert await async_setup_component(hass, "automation", {})
        for key in automations.AUTOMATIONS:
            config = automations.config(key, PHRASES[language], "0123456789abcdef")
            assert await async_validate_config_item(hass, key, config) is not None
