"""Terraform and OpenTofu: a new file of a model, read as tokens only. Nothing here proves it to be valid."""

from collections.abc import Iterable
import re

from .policy import Finding, Level
from .repository import FileEdit

ENDINGS = (".tf", ".tofu")
_BLOCKED = (
    ("provider", re.compile(r'^[ \t]*provider\s+"', re.MULTILINE)),
    ("backend", re.compile(r'^[ \t]*(?:backend\s+"|terraform\s*\{|cloud\s*\{)', re.MULTILINE)),
    ("provisioner", re.compile(r'^[ \t]*provisioner\s+"|local-exec|remote-exec', re.MULTILINE)),
    ("null_resource", re.compile(r'"(?:null_resource|terraform_data|external|local_file|shell_script)"')),
    ("module", re.compile(r'^[ \t]*module\s+"', re.MULTILINE)),
    ("moved", re.compile(r"^[ \t]*(?:removed|moved|import)\s*\{", re.MULTILINE)),
    ("function", re.compile(r"\b(?:file|templatefile|filebase64|pathexpand|fileset)\s*\(")),
)
_CREDENTIAL = re.compile(
    r"^[ \t]*\w{0,64}(?:password|token|secret|api_?key|private_?key)\w{0,64}[ \t]*="
    r"""[ \t]*"(?!\$\{)[^"]{8,}"|-----BEGIN """,
    re.IGNORECASE | re.MULTILINE,
)
# What is not closed ends with its line, or with the file.
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"?|#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_BLOCK = re.compile(r"^[ \t]*(?:resource|data|variable|output|locals)\b", re.MULTILINE)


def is_terraform(path: str) -> bool:
    """Return whether a file is one of Terraform's."""
    return path.endswith(ENDINGS)


def judge_terraform(edits: Iterable[FileEdit]) -> list[Finding]:
    """Return what blocks a Terraform file: only new ones, with resources and nothing that runs or decides."""
    findings: list[Finding] = []
    for edit in edits:
        if not is_terraform(edit.path):
            continue
        if edit.before is not None or edit.after is None:
            findings.append(Finding("terraform", Level.BLOCK, edit.path, "existing"))
            continue
        bare = _STRING.sub('""', edit.after)
        names = [name for name, pattern in _BLOCKED if pattern.search(edit.after)]
        if _CREDENTIAL.search(edit.after):
            names.append("credential")
        if bare.count("{") != bare.count("}") or not _BLOCK.search(bare):
            names.append("syntax")
        findings += [Finding("terraform", Level.BLOCK, edit.path, name) for name in names]
    return findings
