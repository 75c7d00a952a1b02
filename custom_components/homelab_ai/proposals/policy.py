"""What a change may not do, and what a person should know of it: a table of rules over objects that change.

A rule looks at an object before and after. What was so before is no finding: a new tag of a privileged
container is proposed, a privileged container is not.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
import re

from .repository import FileEdit
from .yaml_text import Node, NodeKind, documents, leaves

FORBIDDEN_NAMESPACES = frozenset(("kube-system", "kube-public", "kube-node-lease", "flux-system", "argocd"))


class Level(StrEnum):
    """What a finding means."""

    BLOCK = "block"
    """No proposal."""
    EXPOSURE = "exposure"
    """Told first: something can be reached that could not be."""
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: `detail` is a key, a name or a value of the file, never a secret."""

    rule: str
    level: Level
    path: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the repository has already: the registries of its images."""

    registries: frozenset[str] = field(default_factory=frozenset)


type Check = Callable[[Node, Neighbours], Iterator[str]]
type Comparison = Callable[[Node, Node], Iterator[str]]


def _scalars(root: Node) -> Iterator[tuple[str, Node, Node]]:
    """Yield each scalar of a document with its key and the mapping that it is in."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind is NodeKind.MAPPING:
            for key, child in node.items():
                if child.kind is NodeKind.SCALAR:
                    yield key, child, node
                elif child.kind is NodeKind.SEQUENCE:
                    yield from (
                        (key, other, node) for other in child.children if other.kind is NodeKind.SCALAR
                    )
        waiting += node.children


def _keys(root: Node) -> Iterator[tuple[str, Node]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind is NodeKind.MAPPING:
            yield from node.items()
        waiting += node.children


def _kind_of(*kinds: str) -> Check:
    def check(root: Node, _: Neighbours) -> Iterator[str]:
        if root.text("kind") in kinds:
            yield root.text("kind")

    return check


def _is_true(*keys: str) -> Check:
    def check(root: Node, _: Neighbours) -> Iterator[str]:
        for key, node, _parent in _scalars(root):
            if key in keys and node.value.casefold() in ("true", "yes", "on"):
                yield key

    return check


_CREDENTIAL_KEY = re.compile(
    r"pass(?:word|wd|phrase)|token|api_?-?key|secret_?-?(?:access_?)?key|client_?-?secret|private_?-?key"
    r"|credential",
    re.IGNORECASE,
)
_NO_CREDENTIAL_KEY = re.compile(
    r"(?:name|ref|file|path|url|key_?name|secretname|existingsecret|lifetime|expir\w*|ttl|enabled)$",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_[A-Za-z0-9]{20}|\bgithub_pat_\w{20}|\bglpat-[\w-]{16}"
    r"|\bAKIA[0-9A-Z]{16}|\bxox[abp]-[\w-]{10}|\bsk-[A-Za-z0-9_-]{20}|\bAGE-SECRET-KEY-"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}|://[^/\s:@]+:[^@\s/${}]{4,}@"
)


def _secret(root: Node, _: Neighbours) -> Iterator[str]:
    if root.text("kind") == "Secret" and (root.get("data") or root.get("stringData")):
        yield root.text("metadata", "name")


def _credential(root: Node, _: Neighbours) -> Iterator[str]:
    for key, node, parent in _scalars(root):
        name = parent.text("name") if key == "value" else key
        literal = len(node.value) >= 8 and "${" not in node.value and "{{" not in node.value
        named = _CREDENTIAL_KEY.search(name) and not _NO_CREDENTIAL_KEY.search(name)
        if (named and literal and " " not in node.value) or _CREDENTIAL.search(node.value):
            yield name[:60]


def _capabilities(root: Node, _: Neighbours) -> Iterator[str]:
    for key, node in _keys(root):
        if key == "capabilities":
            added = {other.value.upper() for other in node.list("add")}
            yield from sorted(added & {"ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "NET_ADMIN", "BPF"})


def _host_path(root: Node, _: Neighbours) -> Iterator[str]:
    for key, node in _keys(root):
        if key == "hostPath" or (key == "type" and node.value == "hostPath"):
            yield key


def _socket(root: Node, _: Neighbours) -> Iterator[str]:
    for key, node, _parent in _scalars(root):
        if re.search(r"(?:docker|containerd|crio|podman)\.sock", node.value):
            yield key


def _rights(root: Node, _: Neighbours) -> Iterator[str]:
    kind = root.text("kind")
    if kind in ("ClusterRole", "ClusterRoleBinding"):
        yield kind
    if "cluster-admin" in (root.text("roleRef", "name"), root.text("spec", "serviceAccountName")):
        yield "cluster-admin"
    if kind == "Role":
        for rule in root.list("rules"):
            for key in ("verbs", "resources", "apiGroups"):
                yield from (key for other in rule.list(key) if other.value == "*")


def _namespace(root: Node, _: Neighbours) -> Iterator[str]:
    for where in (root.text("metadata", "namespace"), root.text("spec", "targetNamespace")):
        if where in FORBIDDEN_NAMESPACES:
            yield where


_EXPOSING = ("Ingress", "HTTPRoute", "TLSRoute", "TCPRoute", "GRPCRoute", "IngressRoute", "Tunnel", "Gateway")


def _exposure(root: Node, _: Neighbours) -> Iterator[str]:
    if root.text("kind") in _EXPOSING:
        yield root.text("kind")
    for key, node, _parent in _scalars(root):
        if key == "type" and node.value in ("LoadBalancer", "NodePort"):
            yield node.value
        if key in ("className", "ingressClassName") and "external" in node.value:
            yield node.value
        if key in ("externalIPs", "loadBalancerIP"):
            yield key
    for key, node in _keys(root):
        if key in ("ingress", "route") and node.kind is NodeKind.MAPPING and node.text("enabled") != "false":
            yield key


_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Pod")


def _containers(root: Node) -> Iterator[Node]:
    if root.text("kind") in _WORKLOADS:
        yield from (other for key, node in _keys(root) if key == "containers" for other in node.children)


def _no_limits(root: Node, _: Neighbours) -> Iterator[str]:
    for container in _containers(root):
        if container.get("resources", "requests") is None or container.get("resources", "limits") is None:
            yield container.text("name")


def _no_probes(root: Node, _: Neighbours) -> Iterator[str]:
    if root.text("kind") in ("Deployment", "StatefulSet", "DaemonSet"):
        for container in _containers(root):
            if container.get("readinessProbe") is None and container.get("livenessProbe") is None:
                yield container.text("name")


def images(root: Node) -> Iterator[str]:
    """Yield the images of a document, with their tags."""
    for key, node in _keys(root):
        if key == "image" and node.kind is NodeKind.SCALAR and node.value:
            yield node.value
        elif key == "image" and node.kind is NodeKind.MAPPING and node.text("repository"):
            registry = node.text("registry")
            name = f"{registry}/{node.text('repository')}" if registry else node.text("repository")
            yield f"{name}:{node.text('tag')}"


def registry_of(image: str) -> str:
    """Return the registry and owner of an image."""
    name = image.partition("@")[0]
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        owner = rest.partition("/")[0] if "/" in rest else ""
        return f"{first}/{owner}".rstrip("/")
    return f"docker.io/{first if slash else 'library'}"


def _no_tag(root: Node, _: Neighbours) -> Iterator[str]:
    for image in images(root):
        name, _at, digest = image.partition("@")
        tag = name.rpartition("/")[2].partition(":")[2]
        if not digest and tag in ("", "latest"):
            yield image[:80]


def _registry(root: Node, neighbours: Neighbours) -> Iterator[str]:
    for image in images(root):
        if neighbours.registries and registry_of(image) not in neighbours.registries:
            yield registry_of(image)


def _none_run(root: Node, _: Neighbours) -> Iterator[str]:
    for key, node, _parent in _scalars(root):
        if key in ("replicas", "replicaCount") and node.value == "0":
            yield key


def _source(root: Node, _: Neighbours) -> Iterator[str]:
    if root.text("kind") in ("GitRepository", "HelmRepository", "OCIRepository", "Bucket"):
        yield root.text("spec", "url")[:80]


# What is compared


def _values(root: Node, keys: Collection[str]) -> dict[str, str]:
    return {
        ".".join(map(str, path)): value for path, _, _, value, _ in leaves(root) if path and path[-1] in keys
    }


def _changed(*keys: str) -> Comparison:
    def compare(before: Node, after: Node) -> Iterator[str]:
        was, now = _values(before, keys), _values(after, keys)
        yield from sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))

    return compare


_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_UNITS |= {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def quantity(text: str) -> float | None:
    """Return a Kubernetes quantity in bytes, None for what is none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(|k|[MGT]|[KMGT]i)", text.strip())
    return float(match[1]) * _UNITS[match[2]] if match else None


def _shrinks(before: Node, after: Node) -> Iterator[str]:
    was, now = _values(before, ("storage", "size")), _values(after, ("storage", "size"))
    for key in was.keys() & now.keys():
        old, new = quantity(was[key]), quantity(now[key])
        if old is not None and new is not None and new < old:
            yield key


def _stateful(before: Node, after: Node) -> Iterator[str]:
    if after.text("kind") != "StatefulSet":
        return
    for key in ("selector", "volumeClaimTemplates", "serviceName"):
        was, now = before.get("spec", key), after.get("spec", key)
        if (leaves(was) if was else None) != (leaves(now) if now else None):
            yield key


_BACKUP = re.compile(r"k8up\.io/|backup\.velero\.io/|recurring-job[\w-]*\.longhorn\.io/|volsync")


def _backup_gone(before: Node, after: Node) -> Iterator[str]:
    now = {key: node.value for key, node in _keys(after)}
    for key, node in _keys(before):
        if _BACKUP.search(key) and (key not in now or now[key] == "false" != node.value):
            yield key


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: `id` has its words in each language."""

    id: str
    level: Level
    check: Check | None = None
    compare: Comparison | None = None

    def findings(self, before: Node | None, after: Node, neighbours: Neighbours) -> Iterator[str]:
        """Yield the details of what is so after, and was not before."""
        if self.check is not None:
            was = list(self.check(before, neighbours)) if before is not None else []
            for detail in self.check(after, neighbours):
                if detail in was:
                    was.remove(detail)
                else:
                    yield detail
        if self.compare is not None and before is not None:
            yield from self.compare(before, after)


RULES: tuple[Rule, ...] = (
    Rule("exposure", Level.EXPOSURE, _exposure),
    Rule("secret", Level.BLOCK, _secret),
    Rule("credential", Level.BLOCK, _credential),
    Rule("privileged", Level.BLOCK, _is_true("privileged", "allowPrivilegeEscalation")),
    Rule("capabilities", Level.BLOCK, _capabilities),
    Rule("host_path", Level.BLOCK, _host_path),
    Rule("host_namespaces", Level.BLOCK, _is_true("hostNetwork", "hostPID", "hostIPC")),
    Rule("socket", Level.BLOCK, _socket),
    Rule("rights", Level.BLOCK, _rights),
    Rule("namespace", Level.BLOCK, _namespace),
    Rule("crd", Level.BLOCK, _kind_of("CustomResourceDefinition", "APIService")),
    Rule(
        "admission",
        Level.BLOCK,
        _kind_of(
            "ValidatingWebhookConfiguration",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "MutatingAdmissionPolicy",
        ),
    ),
    Rule(
        "pruning", Level.BLOCK, compare=_changed("prune", "deletionPolicy", "persistentVolumeReclaimPolicy")
    ),
    Rule("shrinks", Level.BLOCK, compare=_shrinks),
    Rule("storage_class", Level.BLOCK, compare=_changed("storageClass", "storageClassName")),
    Rule("stateful_set", Level.BLOCK, compare=_stateful),
    Rule("backup_gone", Level.BLOCK, compare=_backup_gone),
    Rule("source", Level.WARN, _source),
    Rule("no_limits", Level.WARN, _no_limits),
    Rule("no_tag", Level.WARN, _no_tag),
    Rule("none_run", Level.WARN, _none_run),
    Rule("registry", Level.WARN, _registry),
    Rule("no_probes", Level.WARN, _no_probes),
)


def judge(edits: Iterable[FileEdit], neighbours: Neighbours = Neighbours()) -> list[Finding]:
    """Return what the rules find in objects that change: exposure first, then what blocks, then the rest.

    Raises RefusedError for a file that is no YAML. An object that only moves to another file is as it was.
    """
    edits = [edit for edit in edits if _is_yaml(edit.path)]
    was = [(edit.path, root) for edit in edits if edit.before for root in documents(edit.before, edit.path)]
    findings: list[Finding] = []
    for edit in edits:
        for number, root in enumerate(documents(edit.after, edit.path) if edit.after else []):
            before = _same(root, edit.path, was)
            if before is None and edit.before is not None and not root.text("kind"):
                roots = documents(edit.before, edit.path)
                before = roots[number] if number < len(roots) else None
            findings += [
                Finding(rule.id, rule.level, edit.path, detail)
                for rule in RULES
                for detail in rule.findings(before, root, neighbours)
            ]
    ranks = (Level.EXPOSURE, Level.BLOCK, Level.WARN)
    return sorted(dict.fromkeys(findings), key=lambda one: ranks.index(one.level))


def exposed_by(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """Return what files open to the outside as soon as they are in force."""
    edits = [FileEdit(path, None, text) for path, text in texts]
    return [finding for finding in judge(edits) if finding.level is Level.EXPOSURE]


def _same(root: Node, path: str, was: list[tuple[str, Node]]) -> Node | None:
    """Return the object as it was: of the same kind and name, in this file before any other."""
    matches = [(where, wa) for where, wa in was if _identity(wa) == _identity(root)]
    return next((match for where, match in matches if where == path), matches[0][1] if matches else None)


def _identity(root: Node) -> tuple[str, ...]:
    where = root.text("metadata", "namespace")
    return root.text("apiVersion").partition("/")[0], root.text("kind"), root.text("metadata", "name"), where


def _is_yaml(path: str) -> bool:
    return not path.endswith((".tf", ".tofu"))
