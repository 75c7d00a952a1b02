"""What models call the parameters of tools, and how they write nothing, a unit and a container."""

from collections.abc import Mapping

NOTHING = frozenset(("", "null", "none", "nil", "undefined", "n/a", "[]", "{}", "''", '""'))
"""How models write that a value is not given; compared without case and spaces."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("names", "entity", "entities", "entityid", "entityids", "entityname", "entitynames"),
        *("device", "devices", "deviceid", "deviceids", "devicename", "devicenames", "target", "targets"),
        *("friendlyname", "alias", "object", "objectid", "thing", "id", "list", "listname", "todolist"),
    ),
    "area": ("areas", "areaid", "areaids", "areaname", "room", "rooms", "roomname", "roomid", "location"),
    "floor": ("floors", "floorid", "floorname", "storey", "story", "level"),
    "domain": ("domains", "entitydomain", "entitytype", "devicetype", "type", "kind", "category"),
    "device_class": ("deviceclasses", "class"),
    "brightness": ("brightnesspct", "brightnesspercent", "brightnesspercentage", "brightnesslevel"),
    "color": ("colour", "colorname", "colourname"),
    "temperature": ("targettemperature", "temp", "settemperature", "degrees", "colortempkelvin", "kelvin"),
    "position": ("percentage", "percent", "positionpct", "positionpercent", "coverposition"),
    "percentage": ("percent", "speed", "fanspeed", "speedpercent", "speedpercentage"),
    "volume_level": ("volume", "level", "volumepercent", "volumepct", "percent", "percentage"),
    "humidity": ("targethumidity", "humiditylevel", "percent", "percentage"),
    "item": ("items", "task", "entry", "todo", "itemname", "summary", "title", "product"),
    "todo_list": ("list", "listname", "name", "todolists"),
    "message": ("text", "announcement", "content"),
}
"""By parameter, what else it is called; without case and separators. A tool's own parameters come first."""

CONTAINERS = frozenset(
    {
        *("arguments", "parameters", "params", "input", "args", "kwargs", "properties", "slots", "data"),
        *("servicedata", "toolinput", "fields", "payload", "target", "targets", "variables"),
    }
)
"""Keys under which the arguments themselves stand once more."""

ECHOES = frozenset(
    {
        *("action", "command", "service", "intent", "tool", "toolname", "function", "operation", "state"),
        *("method", "script", "scriptname", "name", "entityid", "target", "task"),
    }
)
"""Keys under which models say once more which tool they call."""

VALUES = frozenset(
    {
        *("color", "mode", "message", "text", "description", "summary", "comment", "media_class", "item"),
        *("hvac_mode", "fan_mode", "preset_mode", "effect", "search_query", "source", "due", "reason"),
        *("conversation_command", "temperature", "title", "content"),
    }
)
"""Parameters that say what is to be, and not for what: an empty one makes nothing wider."""

COVERED: Mapping[str, tuple[str, ...]] = {
    "name": (),
    "area": ("name",),
    "floor": ("name", "area"),
    "domain": ("name", "device_class"),
    "device_class": ("name",),
}
"""By parameter that limits a command, what limits it at least as much; then it may be left empty."""

CLASSED_DOMAINS = frozenset(("button", "cover", "media_player", "sensor", "binary_sensor", "switch", "valve"))
"""Domains that have device classes; in all others an empty class limits nothing."""

UNITS: Mapping[str, tuple[str, ...]] = {
    "percent": ("%", "percent", "per cent", "pct", "prozent"),
    "degrees": ("°", "°c", "c", "degrees", "degree", "degrees celsius", "celsius", "grad", "grad celsius"),
    "kelvin": ("k", "kelvin"),
    "seconds": ("s", "sec", "secs", "second", "seconds", "sekunde", "sekunden"),
    "minutes": ("m", "min", "mins", "minute", "minutes", "minuten"),
    "hours": ("h", "hr", "hrs", "hour", "hours", "stunde", "stunden"),
}
"""How a unit is written behind a number, by the unit that a parameter is in."""

CHANGES = frozenset(("step", "offset", "delta", "change", "increment", "adjustment", "difference"))
"""How the names of parameters end that say by how much something is to change."""

_TIME = ("hours", "minutes", "seconds")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "HassLightSet": ("brightness", "color", "temperature"),
    "HassStartTimer": _TIME,
    "HassIncreaseTimer": _TIME,
    "HassDecreaseTimer": _TIME,
}
"""By intent, the parameters of which one must say what is to be; Home Assistant does not look."""
