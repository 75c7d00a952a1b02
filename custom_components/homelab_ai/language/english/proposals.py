"""What is said of proposals, in English."""

from collections.abc import Mapping

PROPOSALS: Mapping[str, str] = {
    # What a change is called
    "enable": "Enable {apps}",
    "disable": "Disable {apps}",
    "suspend": "Suspend {apps}",
    "resume": "Resume {apps}",
    "set": "Set {what} of {apps} to {after}",
    "add": "Add {what} to {apps}",
    "manifest": "Add {what} to {apps}: unverified draft",
    "terraform": "Add {what}: unverified draft",
    # Parts of the body
    "why": "Why",
    "asked": "{person} asked for: {request}",
    "asked_form": "{person} asked for this change.",
    "changes": "What changes",
    "columns": "| # | App | What | Before | After | File |",
    "order": "They come into force in this order: {apps}.",
    "checks": "Checks",
    "consequences": "Consequences",
    "undo": "Undo",
    "undo_how": "Close this pull request, or revert it after it was merged. Nothing of it is done before a "
    "person merges it.",
    "origin": "Homelab AI in Home Assistant composed this. {model}",
    "no_model": "No model has had a part in it.",
    "by_model": "The model {name} chose from lists, or wrote what is marked as a draft.",
    "unverified_file": "**A model wrote this file. Nobody has verified it.**",
    # Who asked
    "person": "A person",
    "automation": "An automation",
    "voice": "Somebody by voice or chat",
    # Checks
    "structure": "Files are read, and objects say what they are",
    "policy": "Rules",
    "repository": "The repository fits together",
    "schema": "Schema of the cluster",
    "dry_run": "Dry run in the cluster",
    "ci": "Checks of the forge",
    "not_done": "not checked here",
    # What follows
    "also": "{name} changes with it.",
    "deletes": "The claim {name} of {detail} is deleted with all that is in it.",
    "deletes_all": "Everything that {name} made in the cluster is deleted.",
    "no_backup": "No backup of {name} is known.",
    "last_backup": "Last good backup of {name}: {detail}.",
    "could_suspend": "To suspend {name} instead would leave everything as it is.",
    "needs": "{detail} needs {name}: look whether it is there.",
    "needs_off": "{detail} speaks to {name}, which is off.",
    "needs_suspended": "{detail} needs {name}, which is suspended.",
    "chart": "That is the version of the chart of {name}, not of the app in it.",
    "digest": "The image {name} was pinned to a digest and is not any more.",
    "unverified": "A model wrote {name}: an unverified draft.",
    "not_validated": "{name} is not validated here; the plan runs in the forge's checks.",
    "exposed": "**This opens something to the outside**: {name} in {detail}.",
    "none": "None that is known.",
    # What is answered
    "opened": "{title}: draft {number} is open.",
    "there_already": "{title}: draft {number} is open already.",
    "preview": "{title}. Nothing was opened.",
    "risk_exposed": "It opens something to the outside.",
    "risk_deletes": "It deletes data.",
    "also_short": "With it come {apps}.",
    "withdrawn": "Draft {number} is closed.",
    "listed_none": "No proposals are known.",
    "listed_one": "One proposal is known.",
    "listed": "{count} proposals are known, {open} of them open.",
}

REQUESTS: tuple[tuple[str, str, str], ...] = (
    ("enable", "", r"(?:enable|activate|switch on|turn on) (?P<app>.+)"),
    ("enable", "", r"(?:switch|turn) (?P<app>.+) on"),
    ("disable", "", r"(?:disable|deactivate|switch off|turn off) (?P<app>.+)"),
    ("disable", "", r"(?:switch|turn) (?P<app>.+) off"),
    ("suspend", "", r"(?:suspend|pause) (?P<app>.+)"),
    ("resume", "", r"(?:resume|unsuspend|continue) (?P<app>.+)"),
    ("set", "version", r"(?:set|update|upgrade|change|bump) (?P<app>.+) to version (?P<value>\S+)"),
    ("set", "version", r"(?:update|upgrade|bump) (?P<app>.+) to (?P<value>v?\d\S*)"),
    ("set", "replicas", r"scale (?P<app>.+) to (?P<value>\d+)(?: replicas?)?"),
    ("set", "", r"(?:set|change) (?:the )?(?P<field>\S+) (?:of|in|for) (?P<app>.+?) to (?P<value>\S.*)"),
)
"""What is wished for, the field where the sentence names none, and the sentence, without regard to case."""
POLITE = r"(?:please|can you|could you|would you|for me)"
AND = r",| and "
