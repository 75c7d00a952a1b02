"""The configuration folder that the demonstration's Home Assistant starts from."""

import json
from pathlib import Path
import shutil
from string import Template

from .options import ROOT
from .phrases import Phrases

DOMAIN = "homelab_ai"
INTEGRATION = ROOT / "custom_components" / DOMAIN
CAMERA = "demo_camera"
_INTEGRATIONS = Path(__file__).parent / "integrations"

# What `default_config` brings would download and discover for minutes; these are the parts that are shown.
_CONFIGURATION = Template("""\
# Written by scripts/demo. Home Assistant is set up from it afresh at each start.
homeassistant:
  name: $home
  country: DE
  currency: EUR
  elevation: 34
  language: $language
  latitude: 52.52
  longitude: 13.405
  time_zone: Europe/Berlin
  unit_system: metric
assist_pipeline:
automation: !include automations.yaml
config:
conversation:
diagnostics:
frontend:
history:
logbook:
logger:
  default: warning
  logs:
    custom_components.$domain: info
    homeassistant.util.package: info
my:
recorder:
  commit_interval: 1
sun:
input_number:
$numbers
input_select:
$selections
template:
$templates
""")

# A dial remembers how bright a light is and how far blinds are open.
_NUMBER = Template("""\
  $key:
    min: 0
    max: $full
    initial: $initial
""")

_LIGHT = Template("""\
  - light:
      - name: $name
        unique_id: $key
        state: "{{ states('input_number.$number') | int > 0 }}"
        level: "{{ states('input_number.$number') | int }}"
        turn_on: &$key
          - action: input_number.set_value
            target:
              entity_id: input_number.$number
            data:
              value: "{{ brightness | default(255) }}"
        turn_off:
          - action: input_number.set_value
            target:
              entity_id: input_number.$number
            data:
              value: 0
        set_level: *$key
""")

_BLINDS = Template("""\
  - cover:
      - name: $name
        unique_id: $key
        device_class: blind
        position: "{{ states('input_number.$number') | int }}"
        set_cover_position:
          - action: input_number.set_value
            target:
              entity_id: input_number.$number
            data:
              value: "{{ position }}"
""")

_TEMPERATURE = Template("""\
  - sensor:
      - name: $name
        unique_id: $key
        state: "$state"
        device_class: temperature
        state_class: measurement
        unit_of_measurement: °C
""")

_WINDOW = Template("""\
  - binary_sensor:
      - name: $name
        unique_id: $key
        state: "false"
        device_class: window
""")

# What another integration would tell of the homelab; a person chooses what it says.
_EXAMPLE = Template("""\
  - sensor:
      - name: $name
        unique_id: $key
        default_entity_id: sensor.$key
        state: "{{ states('input_select.$key') }}"
""")
_SELECTION = Template("""\
  $key:
    options: $options
""")
EXAMPLES = {"ups": ("OL CHRG", "OB DISCHRG", "OB LB"), "container": ("running", "exited", "dead")}
"""States of a UPS as NUT tells of it and of a container as Portainer does: well first, then bad ones."""

# key → how far its dial goes, and where it begins
DIALS = {
    "kitchen_light": (255, 0),
    "living_room_light": (255, 128),
    "bedroom_light": (255, 0),
    "bedroom_blinds": (100, 100),
}


def dial(key: str) -> str:
    """The object id of the helper that remembers this light or these blinds."""
    return f"{key}_dial"


def yaml(phrases: Phrases, language: str) -> str:
    """The configuration.yaml of a house whose things are called by these phrases."""
    things = {
        "kitchen_light": _LIGHT,
        "living_room_light": _LIGHT,
        "bedroom_light": _LIGHT,
        "bedroom_blinds": _BLINDS,
        "living_room_temperature": _TEMPERATURE,
        "outdoor_temperature": _TEMPERATURE,
        "kitchen_window": _WINDOW,
        **dict.fromkeys(EXAMPLES, _EXAMPLE),
    }
    temperatures = {"living_room_temperature": "21.4", "outdoor_temperature": "7.9"}
    return _CONFIGURATION.substitute(
        # JSON strings are YAML strings, whatever is in them.
        home=json.dumps(phrases.home, ensure_ascii=False),
        language=language,
        domain=DOMAIN,
        numbers="".join(
            _NUMBER.substitute(key=dial(key), full=full, initial=initial)
            for key, (full, initial) in DIALS.items()
        ),
        selections="".join(
            _SELECTION.substitute(key=key, options=json.dumps(states)) for key, states in EXAMPLES.items()
        ),
        templates="".join(
            template.substitute(
                key=key,
                name=json.dumps(getattr(phrases, key), ensure_ascii=False),
                number=dial(key),
                state=temperatures.get(key, ""),
            )
            for key, template in things.items()
        ),
    )


def storage(host: str, port: int) -> dict[str, dict[str, object]]:
    """What Home Assistant finds in its storage when it starts for the first time, by file name.

    `http`: where to listen. In YAML it would be a trial that ends after five minutes with a restart.
    `onboarding`: these two steps count as done, because the first of them sets up integrations that
    fetch weather, radio stations and voices from the internet. What they ask for is in the YAML.
    """
    return {
        "http": {
            "version": 3,
            "minor_version": 1,
            "key": "http",
            "data": {
                "stable": {
                    "server_host": [host],
                    "server_port": port,
                    "cors_allowed_origins": ["https://cast.home-assistant.io"],
                    "login_attempts_threshold": -1,
                    "ip_ban_enabled": True,
                    "ssl_profile": "intermediate_v6",
                    "use_x_frame_options": True,
                    "created_at": "2026-11-01T00:00:00+00:00",
                    "error": None,
                    "error_message": None,
                },
                "pending": None,
                "yaml_migration_done": True,
            },
        },
        "onboarding": {
            "version": 4,
            "minor_version": 1,
            "key": "onboarding",
            "data": {"done": ["core_config", "analytics"]},
        },
    }


def write(folder: Path, phrases: Phrases, language: str, host: str, port: int) -> None:
    """Make `folder` the configuration of a new house; what was in it is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / ".storage").mkdir(parents=True)
    (folder / "custom_components").mkdir()
    (folder / "custom_components" / DOMAIN).symlink_to(INTEGRATION)
    (folder / "custom_components" / CAMERA).symlink_to(_INTEGRATIONS / CAMERA)
    (folder / "configuration.yaml").write_text(yaml(phrases, language), encoding="utf-8")
    # Automations that are made in the editor, or over its API, are kept here.
    (folder / "automations.yaml").write_text("[]\n", encoding="utf-8")
    for name, content in storage(host, port).items():
        (folder / ".storage" / name).write_text(json.dumps(content), encoding="utf-8")
