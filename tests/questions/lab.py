"""The homelab of the demo, over real sockets: what its monitors tell is what is asked about."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.assistant.sentences import async_teach_names
from demo.servers.apps.librechat import LibreChatServer
from demo.servers.apps.open_webui import KEY as OPEN_WEBUI_KEY, OpenWebUIServer
from demo.servers.apps.paperless_ai import KEY as PAPERLESS_AI_KEY, PaperlessAIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.kubernetes import ApiServer, HomelabCluster, homelab_cluster
from demo.servers.kubernetes.homelab import APPS
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from ..clusters import kubernetes, watched
from ..common import MODEL, homelab_entry, set_up
from ..looking import until
from ..systems import monitor_subentry

GPU_MEMORY = 16
STATES = ("lab", "broken")
"""As it is on a good day, and with five things broken."""


def break_it(cluster: HomelabCluster) -> None:
    """Let an image be missing, a backup fail, Flux be suspended, and an app and a volume be out of order."""
    cluster.break_pod_image()
    cluster.fail_backup()
    cluster.suspend_flux()
    cluster.out_of_sync()
    cluster.degrade_volume(APPS[6])


@asynccontextmanager
async def opened(hass: HomeAssistant, hub: OllamaServer, *, broken: bool) -> AsyncGenerator[MockConfigEntry]:
    """Set up a homelab of all that the demo has but Prometheus."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(ApiServer())
        cluster = homelab_cluster(api)
        chat = await stack.enter_async_context(OpenWebUIServer())
        libre = await stack.enter_async_context(LibreChatServer())
        scans = await stack.enter_async_context(PaperlessAIServer("zettelrobbe"))
        page = await stack.enter_async_context(WebPage("<title>Vaultwarden Web</title>"))
        scans.finish(1204, "Stromrechnung 2026-10", datetime.now(UTC) - timedelta(minutes=12))
        scans.scan()
        await hub.load(MODEL, 8192, 1800)
        entry = homelab_entry(
            hub.url,
            kubernetes(api),
            monitor_subentry("open_webui", chat.url, "Open WebUI", api_key=OPEN_WEBUI_KEY, verify_ssl=True),
            monitor_subentry("librechat", libre.url, "LibreChat", verify_ssl=True),
            monitor_subentry(
                "paperless_ai",
                scans.url,
                "Paperless-AI",
                api_key=PAPERLESS_AI_KEY,
                verify_ssl=True,
                overdue_hours=2,
            ),
            monitor_subentry(
                "web",
                page.url,
                "Vaultwarden",
                verify_ssl=True,
                expected_status=200,
                contains="Vaultwarden",
                certificate_days=14,
            ),
            options={"vram_total": GPU_MEMORY},
        )
        await set_up(hass, entry)
        await watched(api)
        await hass.async_block_till_done()
        if broken:
            break_it(cluster)
            await until(lambda: len(entry.runtime_data.health.data.problems) >= 5)
            await hass.async_block_till_done()
        await async_teach_names(hass)
        yield entry
