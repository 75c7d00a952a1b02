"""The texts of the house that depend on its language: what things are called, and what Jarvis is asked."""

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
class Phrases:
    """One language.

    The lights, blinds and sensors carry the names by which the questions call them.
    """

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
    you: str
    command: str
    question: str
    task: Task


PHRASES = {
    "en": Phrases(
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
        you="You",
        command="Turn on the kitchen light",
        question="Who are you?",
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
    ),
    "de": Phrases(
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
        you="Du",
        command="Schalte das Küchenlicht ein",
        question="Wer bist du?",
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
    ),
}
