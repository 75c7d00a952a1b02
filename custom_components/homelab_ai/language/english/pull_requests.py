"""What is said of pull requests, in English."""

from collections.abc import Mapping

PULL_REQUESTS: Mapping[str, str] = {
    # Who opened it
    "ours": "I proposed it.",
    "update": "{bot} wants to update something.",
    "update_major": "{bot} wants to update something to a new major version: read first what it breaks.",
    "other": "{author} opened it.",
    # What it does
    "files_one": "It changes one file, in {folders}.",
    "files": "It changes {count} files, in {folders}.",
    "files_root": "It changes {count} files.",
    "files_root_one": "It changes one file.",
    # What becomes of it
    "draft": "It is a draft: a person takes that back before it can be merged.",
    "merged": "{person} merged it.",
    "merged_unknown": "It was merged.",
    "closed": "It was closed without being merged.",
    # Checks and people
    "checks_none": "Nothing checks it.",
    "checks_pending": "Its checks are still running.",
    "checks_ok": "Its checks passed.",
    "checks_failed": "Its checks failed.",
    "checks_failing": "These checks failed: {names}.",
    "checks_unknown": "I cannot see its checks.",
    "review_approved": "Somebody approved it.",
    "review_changes": "Somebody wants it to be changed.",
    # Of several
    "none_open": "No pull request is open.",
    "open_one": "One pull request is open.",
    "open": "{count} pull requests are open.",
    "proposals_one": "One is a proposal of mine.",
    "proposals": "{count} are proposals of mine.",
    "updates_one": "One is an update.",
    "updates": "{count} are updates.",
    "failing_one": "The checks of one fail.",
    "failing": "The checks of {count} fail.",
    "major_one": "One is to a new major version.",
    "major": "{count} are to a new major version.",
}
