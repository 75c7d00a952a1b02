"""What forges tell alike: Gitea's objects are those of GitHub, and Git's own are the same everywhere."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from itertools import islice

from ..answers import Json, Line, Text, Whole, line, object_in, objects, objects_in, text, time, whole, words
from .change import is_under
from .forge import proposal_in
from .pull_request import ChangedFile, File, FileState, PullRequest, State

MAX_NAME = 250
EXECUTABLE = "100755"
FILES = ("100644", EXECUTABLE)
"""The modes of what is a file: no link, no folder, no submodule."""


def encoded(content: str) -> str:
    """Return the content of a file as it is sent: base64 of UTF-8."""
    return b64encode(content.encode()).decode()


def files_in(tree: Json, folders: Iterable[str], before: str = "") -> dict[Text, File]:
    """Return the files of a Git tree below the folders; its paths stand `before` in the repository."""
    files: dict[Text, File] = {}
    for entry in objects(tree.get("tree")):
        path, mode = Text(f"{before}{words(entry.get('path'), 4096)}"), entry.get("mode")
        if entry.get("type") == "blob" and mode in FILES and is_under(path, folders):
            files[path] = File(text(entry.get("sha"), 64), whole(entry.get("size")), mode == EXECUTABLE)
    return files


def pull_request(
    data: Json, head: Text, *, from_fork: bool, is_merged: bool, merged_by: Line | None
) -> PullRequest:
    """Return a pull request; in what is given beside it, the two forges differ."""
    head_data, base = object_in(data, "head"), object_in(data, "base")
    is_open = data.get("state") == "open"
    return PullRequest(
        number=whole(data.get("number")) or Whole(0),
        title=line(data.get("title"), MAX_NAME),
        url=text(data.get("html_url")),
        state=State.MERGED if is_merged else State.OPEN if is_open else State.CLOSED,
        draft=data.get("draft") is True,
        author=line(object_in(data, "user").get("login"), 100),
        head=head,
        base=text(base.get("ref"), MAX_NAME),
        head_sha=text(head_data.get("sha"), 64),
        labels=tuple(line(label.get("name"), 100) for label in islice(objects_in(data.get("labels")), 20)),
        body=text(data.get("body")),
        created_at=time(data.get("created_at")),
        updated_at=time(data.get("updated_at")),
        merged_at=time(data.get("merged_at")),
        merged_by=merged_by,
        from_fork=from_fork,
        proposal=proposal_in(data.get("body"), head, from_fork=from_fork),
    )


def changed_file(data: Json, states: Mapping[str, FileState]) -> ChangedFile:
    """Return a file of a pull request; `states` are by the forge's own word."""
    return ChangedFile(
        path=text(data.get("filename"), 4096),
        status=states.get(str(data.get("status")), FileState.CHANGED),
        before=text(data.get("previous_filename"), 4096) or None,
        additions=whole(data.get("additions")),
        deletions=whole(data.get("deletions")),
    )
