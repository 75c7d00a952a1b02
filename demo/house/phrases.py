"""The texts of the house that depend on its language: what things are called, and what Jarvis is asked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """An AI task: the instructions, and the fields of the answer as (name, selector, description)."""

    name: str
    instructions: str
    fields: tuple[tuple[str, str, str], ...]

    @property
    def structure(self) -> dict[str, object]:
        """The fields in the form that the `ai_task.generate_data` action takes."""
        return {
            name: {"selector": {selector: {}}, "description": description, "required": True}
            for name, selector, description in self.fields
        }


@dataclass(frozen=True, slots=True)
class Automation:
    """The name of an automation, and the notification that it makes; these are templates."""

    alias: str
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language.

    The lights, blinds and sensors carry the names by which the questions call them. `automations` are by the
    keys of theirs, `questions` are those about the homelab, by what they ask for.
    """

    language: str
    home: str
    kitchen: str
    living_room: str
    bedroom: str
    kitchen_light: str
    living_room_light: str
    bedroom_light: str
    bedroom_blinds: str
    kitchen_window: str
    living_room_temperature: str
    outdoor_temperature: str
    ups: str
    container: str
    you: str
    command: str
    question: str
    questions: Mapping[str, str]
    task: Task
    standby: str
    gpu_temperature: str
    fullest_volume: str
    camera: str
    why_camera: str
    automations: Mapping[str, Automation]


PHRASES = {
    "en": Phrases(
        language="English",
        home="Home",
        kitchen="Kitchen",
        living_room="Living Room",
        bedroom="Bedroom",
        kitchen_light="Kitchen light",
        living_room_light="Living room light",
        bedroom_light="Bedroom light",
        bedroom_blinds="Bedroom blinds",
        kitchen_window="Kitchen window",
        living_room_temperature="Living room temperature",
        outdoor_temperature="Outdoor temperature",
        ups="UPS",
        container="Pi-hole",
        you="You",
        command="Turn on the kitchen light",
        question="Who are you?",
        questions={
            "health": "How is the homelab?",
            "why": "Why is Paperless failing?",
            "backups": "Is everything backed up?",
            "hub": "What is the GPU doing?",
            "running": "Is Grafana running?",
            "version": "Which version of Vaultwarden is running?",
            "place": "On which node does Vaultwarden run?",
            "depending": "What depends on Ollama?",
            "models": "Which models are installed?",
            "happened": "What happened in the last hour?",
        },
        task=Task(
            name="Door camera",
            instructions="The door camera saw “a courier in a yellow jacket” leave 1 parcel at 14:20."
            " Nobody is at the door any more. Extract what happened.",
            fields=(
                ("visitor", "text", "Who came to the door"),
                ("parcels", "number", "How many parcels were left"),
                ("someone_waits", "boolean", "Whether someone still waits at the door"),
            ),
        ),
        standby="Standby hub",
        gpu_temperature="GPU temperature",
        fullest_volume="Fullest volume",
        camera="Front camera",
        why_camera="Why is the front camera offline?",
        automations={
            "broken": Automation(
                alias="Tell me what breaks",
                title="{{ trigger.name }} has a problem",
                message="{{ trigger.message }}",
            ),
            "mended": Automation(
                alias="Tell me what is solved",
                title="{{ trigger.name }} is fine again",
                message="{{ trigger.message }}",
            ),
            "all_well": Automation(
                alias="Tell me when all is well",
                title="All is well",
                message="Nothing in the homelab needs you any more.",
            ),
            "hub_gone": Automation(
                alias="Tell me when the AI hub goes off",
                title="The AI hub is off",
                message="{{ trigger.name }} does not answer; the assistant falls back on what it has.",
            ),
            "hub_back": Automation(
                alias="Tell me when the AI hub is back",
                title="The AI hub is back",
                message="{{ trigger.name }} answers again.",
            ),
        },
    ),
    "de": Phrases(
        language="German",
        home="Zuhause",
        kitchen="Küche",
        living_room="Wohnzimmer",
        bedroom="Schlafzimmer",
        kitchen_light="Küchenlicht",
        living_room_light="Wohnzimmerlicht",
        bedroom_light="Schlafzimmerlicht",
        bedroom_blinds="Schlafzimmerrollo",
        kitchen_window="Küchenfenster",
        living_room_temperature="Wohnzimmertemperatur",
        outdoor_temperature="Außentemperatur",
        ups="USV",
        container="Pi-hole",
        you="Du",
        command="Schalte das Küchenlicht ein",
        question="Wer bist du?",
        questions={
            "health": "Wie geht es dem Homelab?",
            "why": "Warum geht Paperless nicht?",
            "backups": "Ist alles gesichert?",
            "hub": "Was macht die GPU?",
            "running": "Läuft Grafana?",
            "version": "Welche Version von Vaultwarden läuft?",
            "place": "Auf welchem Knoten läuft Vaultwarden?",
            "depending": "Was hängt von Ollama ab?",
            "models": "Welche Modelle sind installiert?",
            "happened": "Was ist in der letzten Stunde passiert?",
        },
        task=Task(
            name="Türkamera",
            instructions="Die Türkamera sah „einen Kurier in gelber Jacke“ 1 Paket ablegen, um 14:20 Uhr."
            " Niemand steht mehr vor der Tür. Halte fest, was geschehen ist.",
            fields=(
                ("besucher", "text", "Wer an der Tür war"),
                ("pakete", "number", "Wie viele Pakete abgelegt wurden"),
                ("jemand_wartet", "boolean", "Ob noch jemand an der Tür wartet"),
            ),
        ),
        standby="Ersatzserver",
        gpu_temperature="GPU-Temperatur",
        fullest_volume="Vollstes Volume",
        camera="Hofkamera",
        why_camera="Warum ist die Hofkamera offline?",
        automations={
            "broken": Automation(
                alias="Melde, was kaputtgeht",
                title="{{ trigger.name }} hat ein Problem",
                message="{{ trigger.message }}",
            ),
            "mended": Automation(
                alias="Melde, was behoben ist",
                title="{{ trigger.name }} ist wieder in Ordnung",
                message="{{ trigger.message }}",
            ),
            "all_well": Automation(
                alias="Melde, wenn alles in Ordnung ist",
                title="Alles in Ordnung",
                message="Im Homelab braucht dich gerade nichts.",
            ),
            "hub_gone": Automation(
                alias="Melde, wenn der KI-Server weg ist",
                title="Der KI-Server ist aus",
                message="{{ trigger.name }} antwortet nicht; der Assistent behilft sich so lange.",
            ),
            "hub_back": Automation(
                alias="Melde, wenn der KI-Server wieder da ist",
                title="Der KI-Server ist wieder da",
                message="{{ trigger.name }} antwortet wieder.",
            ),
        },
    ),
}
