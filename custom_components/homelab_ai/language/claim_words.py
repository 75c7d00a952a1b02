"""What a language needs to tell whether a sentence says that something failed, or claims that it is done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """Regular expressions of one language, searched in the lower-case text of one clause.

    A clause is what stands between two marks or `joints`.
    """

    failure: tuple[str, ...]
    """What states that something was not done, or why it could not be."""
    reversal: tuple[str, ...]
    """What turns that into its opposite: "no error", "not off any more", "then it worked"."""
    claim: tuple[str, ...]
    """What may claim that something is, or was done."""
    deed: tuple[str, ...]
    """What plainly claims so."""
    state: tuple[str, ...]
    """What says that something is on, off, open or the like."""
    harmless: tuple[str, ...]
    """How a clause begins that claims nothing: a regret, advice, what there is instead."""
    question: tuple[str, ...]
    """How a question begins that asks which thing was meant."""
    joints: tuple[str, ...]
    """Words that begin a clause of its own."""
    everything: tuple[str, ...]
    """Words for all of several things."""
    example: tuple[str, ...]
    """What is said around a tool call that is only shown, and not meant to be made."""
    offer: tuple[str, ...]
    """What offers more help, in a sentence of its own, and says nothing else."""
    permission: tuple[str, ...]
    """What asks first, or says that it is an example."""
    command: tuple[str, ...]
    """How a person asks that something be switched, set or added."""
    own_deed: tuple[str, ...]
    """What claims that the speaker has just done something, or that it was done."""
    not_now: tuple[str, ...]
    """What makes such words a condition, a plan or a memory."""
