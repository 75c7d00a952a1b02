"""Answers to who is in the network, never without what is seen of it: no alarm proves nothing."""

from ...topology import Thing
from ..moments import past
from ..names import spoken_name
from .heard import NewDevice
from .question import Question
from .speaker import Speaker, together

MOST_NAMED = 3


def new_devices(speaker: Speaker, _question: Question, _things: list[Thing]) -> str:
    """Answer whether somebody is new in the network."""
    network = speaker.known.network
    if network is None:
        return speaker.sentence(speaker.said.network_unheard)
    coverage = network.coverage(speaker.language)
    if network.present is None:
        return coverage
    if not network.new:
        return together((speaker.sentence(speaker.said.no_new_devices), coverage))
    count = len(network.new)
    template = speaker.said.one_new_device if count == 1 else speaker.said.new_devices
    told = [_told(speaker, device) for device in network.new[:MOST_NAMED]]
    more = count - len(told)
    if more:
        told.append(speaker.said.more_devices.format(count=more))
    return together(
        (speaker.sentence(template, count=str(count), names=speaker.words.joined(told)), coverage)
    )


def _told(speaker: Speaker, device: NewDevice) -> str:
    since = past(device.first_seen, speaker.now)
    return speaker.said.new_device.format(
        name=spoken_name(device.name),
        vendor=""
        if device.vendor in ("", device.name)
        else speaker.said.made_by.format(vendor=device.vendor),
        when=speaker.words.ago(since) if since else "",
    )


def devices(speaker: Speaker, _question: Question, _things: list[Thing]) -> str:
    """Answer how many devices are in the network: at least."""
    network = speaker.known.network
    if network is None:
        return speaker.sentence(speaker.said.network_unheard)
    coverage = network.coverage(speaker.language)
    if network.present is None:
        return coverage
    template = speaker.said.one_device if network.present == 1 else speaker.said.devices
    return together((speaker.sentence(template, count=str(network.present)), coverage))
