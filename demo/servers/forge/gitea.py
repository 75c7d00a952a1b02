"""A real Gitea as a process of our own; `scripts/gitea` builds it, once."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from getpass import getuser
import json
import os
from pathlib import Path
import secrets
import socket
import subprocess
from tempfile import TemporaryDirectory
import time
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

VERSION = "1.26.0"
"""As in scripts/gitea."""
ADMIN = "homelab"
"""The person who owns the forge; `PASSWORD` is everybody's."""
PASSWORD = "correct-horse-1"
_SECONDS_TO_START = 30
_SETTINGS = """
APP_NAME = Homelab
RUN_USER = {user}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = {folder}
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
ROOT_URL = http://127.0.0.1:{port}/
STATIC_ROOT_PATH = {home}
APP_DATA_PATH = {folder}/data
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = {folder}/gitea.db
[repository]
ROOT = {folder}/repositories
[security]
INSTALL_LOCK = true
SECRET_KEY = {secret}
PASSWORD_HASH_ALGO = pbkdf2$1$1
[service]
DISABLE_REGISTRATION = true
[cron]
ENABLED = false
[actions]
ENABLED = false
[indexer]
ISSUE_INDEXER_TYPE = db
[mailer]
ENABLED = false
[log]
MODE = file
LEVEL = warn
ROOT_PATH = {folder}/log
"""


class GiteaMissingError(Exception):
    """Gitea was not built here; the text says how it is."""


class GiteaError(Exception):
    """Gitea did not start, or refused what a test prepares; the text says why."""


def home() -> Path | None:
    """Return the folder of a Gitea that was built, None where there is none."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache) / "homelab-ai" / "gitea" / VERSION
    return folder if (folder / "gitea").is_file() else None


class Gitea:
    """One Gitea with one administrator. It loses everything when it stops. All of it blocks."""

    def __init__(self, *, port: int = 0) -> None:
        """Prepare it; port 0 takes any free one."""
        self.port = port
        self._folder: TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Base URL without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it is ready. Raises GiteaMissingError or GiteaError."""
        if (folder := home()) is None:
            raise GiteaMissingError("Gitea is not here: scripts/gitea builds it")
        self.port = self.port or _free_port()
        self._folder = TemporaryDirectory(prefix="homelab-gitea-", ignore_cleanup_errors=True)
        try:
            self._run(folder, Path(self._folder.name))
        except BaseException:
            self.stop()
            raise

    def _run(self, home_folder: Path, folder: Path) -> None:
        settings = folder / "app.ini"
        settings.write_text(
            _SETTINGS.format(
                user=_user(), folder=folder, home=home_folder, port=self.port, secret=secrets.token_hex()
            )
        )
        gitea = [str(home_folder / "gitea"), "--config", str(settings)]
        _call([*gitea, "migrate"], folder)
        account = ["--username", ADMIN, "--password", PASSWORD, "--email", "homelab@example.org"]
        _call(
            [*gitea, "admin", "user", "create", *account, "--admin", "--must-change-password=false"], folder
        )
        with (folder / "output").open("wb") as output:
            self._process = subprocess.Popen(
                [*gitea, "web"],
                cwd=folder,
                env=_environment(folder),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait(self._process, folder)

    def _wait(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        end = time.monotonic() + _SECONDS_TO_START
        while process.poll() is None and time.monotonic() < end:
            with suppress(URLError, OSError):
                if self.ask("GET", "/version")[0] == 200:
                    return
            time.sleep(0.05)
        raise GiteaError(f"Gitea did not start: {(folder / 'output').read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End it and remove its data."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, user: str = ADMIN
    ) -> tuple[int, Any]:
        """Return status and parsed answer of a request of a person."""
        login = b64encode(f"{user}:{PASSWORD}".encode()).decode()
        request = Request(
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=10) as response:
                status, said = response.status, response.read()
        except HTTPError as error:
            status, said = error.code, error.read()
        try:
            return status, json.loads(said)
        except ValueError:
            return status, said.decode(errors="replace")

    def done(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, user: str = ADMIN
    ) -> Any:
        """Return the answer of a request that must succeed. Raises GiteaError."""
        status, said = self.ask(method, path, body, user=user)
        if not 200 <= status < 300:
            raise GiteaError(f"{method} {path}: {status} {said}")
        return said

    def add_user(self, name: str) -> None:
        """Add a person (or a bot)."""
        account = {"username": name, "password": PASSWORD, "email": f"{name}@example.org"}
        self.done("POST", "/admin/users", {**account, "must_change_password": False})

    def token(self, user: str, *scopes: str) -> str:
        """Return a new token of a user."""
        name = {"name": secrets.token_hex(8), "scopes": list(scopes)}
        return str(self.done("POST", f"/users/{user}/tokens", name, user=user)["sha1"])

    def add_repository(self, name: str, files: Mapping[str, str], *, private: bool = True) -> str:
        """Add a repository of the administrator with these files on `main`; return its full name."""
        repository = {"name": name, "auto_init": True, "default_branch": "main", "private": private}
        self.done("POST", "/user/repos", repository)
        if files:
            # One file is there from the beginning.
            contents = {
                path: ("update" if path == "README.md" else "create", content)
                for path, content in files.items()
            }
            self.change(f"{ADMIN}/{name}", contents)
        return f"{ADMIN}/{name}"

    def change(
        self,
        repository: str,
        files: Mapping[str, tuple[str, str]],
        *,
        branch: str = "main",
        user: str = ADMIN,
    ) -> str:
        """Commit files, each with its operation and content, as a person; return the commit's SHA."""
        changes = [
            {"operation": operation, "path": path, "content": b64encode(content.encode()).decode()}
            for path, (operation, content) in files.items()
        ]
        body = {"branch": branch, "message": "Change files", "files": changes}
        answer = self.done("POST", f"/repos/{repository}/contents", body, user=user)
        return str(answer["commit"]["sha"])

    def files(self, repository: str, branch: str = "main") -> tuple[dict[str, str], str]:
        """Return the files of a branch as text by path, and its newest commit."""
        sha = str(self.done("GET", f"/repos/{repository}/branches/{branch}")["commit"]["id"])
        tree = self.done("GET", f"/repos/{repository}/git/trees/{sha}?recursive=true&per_page=1000")["tree"]
        found = {}
        for entry in tree:
            if entry["type"] == "blob":
                blob = self.done("GET", f"/repos/{repository}/git/blobs/{entry['sha']}")
                found[entry["path"]] = b64decode(blob["content"]).decode()
        return found, sha

    def merge(self, repository: str, number: int) -> None:
        """Take a draft back and merge it, as a person does. Raises GiteaError."""
        path = f"/repos/{repository}/pulls/{number}"
        title = str(self.done("GET", path)["title"])
        self.done("PATCH", path, {"title": title.removeprefix("WIP: ")})
        end = time.monotonic() + _SECONDS_TO_START
        # An owner may do without the approvals that their branch demands of others.
        as_owner = {"Do": "merge", "force_merge": True}
        # Whether it can be merged is found out in the background.
        while (answer := self.ask("POST", f"{path}/merge", as_owner))[0] == 405:
            if time.monotonic() > end:
                raise GiteaError(f"{path}: {answer[1]}")
            time.sleep(0.1)
        if answer[0] != 200:
            raise GiteaError(f"{path}: {answer}")

    def approve(self, repository: str, number: int) -> None:
        """Approve as a person does."""
        self.done("POST", f"/repos/{repository}/pulls/{number}/reviews", {"event": "APPROVED"})

    def add_collaborator(self, repository: str, user: str, permission: str) -> None:
        """Let a user into a repository, with the permission `read`, `write` or `admin`."""
        self.done("PUT", f"/repos/{repository}/collaborators/{user}", {"permission": permission})


def _user() -> str:
    return getuser()


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "USER": _user(), "GIT_CONFIG_NOSYSTEM": "1"}


def _call(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, env=_environment(folder), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        raise GiteaError(f"{' '.join(command[3:5])}: {(done.stderr or done.stdout)[-1000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
