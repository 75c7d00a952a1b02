"""From a Home Assistant that nobody has used to a client that is logged in to it."""

from dataclasses import dataclass
import secrets

from .client import Client, Json, Tokens
from .options import LOOPBACK
from .phrases import Phrases

# thing → the room it is in, both named by their phrases
_ROOMS = {
    "kitchen_light": "kitchen",
    "kitchen_window": "kitchen",
    "living_room_light": "living_room",
    "living_room_temperature": "living_room",
    "bedroom_light": "bedroom",
    "bedroom_blinds": "bedroom",
}


@dataclass(frozen=True, slots=True)
class Login:
    """Whom the house belongs to."""

    username: str
    password: str


def new_login(host: str) -> Login:
    """Easy to type while only this machine can reach the house, impossible to guess otherwise."""
    return Login("demo", "demo" if host == LOOPBACK else secrets.token_urlsafe(9))


async def onboard(client: Client, login: Login, language: str) -> Tokens:
    """Answer the questions that a new Home Assistant asks first, and log in."""
    user = await client.post(
        "/api/onboarding/users",
        {
            "client_id": client.client_id,
            "name": login.username.capitalize(),
            "username": login.username,
            "password": login.password,
            "language": language,
        },
    )
    tokens = await client.tokens(user["auth_code"])
    client.use(tokens.access_token)
    await client.post(
        "/api/onboarding/integration",
        {"client_id": client.client_id, "redirect_uri": f"{client.url}/?auth_callback=1"},
    )
    await _use_lasting_token(client)
    await client.command("frontend/set_system_data", key="home", value={"welcome_banner_dismissed": True})
    await client.command(
        "frontend/set_user_data",
        key="language",
        value={
            "language": language,
            "number_format": "language",
            "time_format": "language",
            "date_format": "language",
            "time_zone": "local",
            "first_weekday": "language",
        },
    )
    return tokens


async def log_in(client: Client, login: Login) -> Tokens:
    """Log in to a house that was onboarded before."""
    flow: Json = await client.post(
        "/auth/login_flow",
        {
            "client_id": client.client_id,
            "handler": ["homeassistant", None],
            "redirect_uri": f"{client.url}/?auth_callback=1",
        },
    )
    done = await client.post(
        f"/auth/login_flow/{flow['flow_id']}",
        {"client_id": client.client_id, "username": login.username, "password": login.password},
    )
    tokens = await client.tokens(done["result"])
    client.use(tokens.access_token)
    await _use_lasting_token(client)
    return tokens


async def furnish(client: Client, phrases: Phrases) -> None:
    """Put the things into their rooms, and hide the dials behind them."""
    async with client.websocket() as websocket:
        rooms = await websocket.command("config/area_registry/list")
        areas = {room["name"]: room["area_id"] for room in rooms}
        for entity in await websocket.command("config/entity_registry/list"):
            change: Json = {}
            if entity["platform"] == "template" and (room := _ROOMS.get(entity["unique_id"])):
                change = {"area_id": areas[getattr(phrases, room)]}
            elif entity["platform"] == "input_number":
                change = {"hidden_by": "user"}
            if change:
                await websocket.command(
                    "config/entity_registry/update", entity_id=entity["entity_id"], **change
                )


async def _use_lasting_token(client: Client) -> None:
    """An access token lasts half an hour; the download of a model may take longer."""
    # No two tokens of a person may bear the same name.
    name = f"scripts/demo {secrets.token_hex(4)}"
    client.use(await client.command("auth/long_lived_access_token", client_name=name, lifespan=1))
