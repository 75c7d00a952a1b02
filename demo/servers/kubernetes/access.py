"""What the token's service account may do: RBAC, and the words in which it is denied.

Sources: kubernetes/apiserver pkg/endpoints/handlers/responsewriters/errors.go; systems.md 4.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Any

from .resources import SYSTEMS, Resource
from .wire import StatusError, bad_request, forbidden

ACCOUNT = "system:serviceaccount:home-assistant-monitor:home-assistant"

_READ = frozenset({"get", "list", "watch"})
# What the cluster roles system:discovery and system:public-info-viewer grant to whoever has a token.
_DISCOVERY = re.compile(r"/(?:api|apis|openapi|healthz|livez|readyz|version)(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Rule:
    """Verbs on resources (`results.core.k8sgpt.ai`, `pods`, or `*`), in some namespaces or everywhere."""

    resources: frozenset[str]
    verbs: frozenset[str] = _READ
    namespaces: frozenset[str] | None = None

    def grants(self, verb: str, qualified: str, namespace: str | None) -> bool:
        """Whether it allows this; a rule for some namespaces allows nothing across all of them."""
        if self.namespaces is not None and namespace not in self.namespaces:
            return False
        return verb in self.verbs and not self.resources.isdisjoint({qualified, "*"})


def rule(
    *resources: str, verbs: Iterable[str] = ("get", "list", "watch"), namespaces: Iterable[str] | None = None
) -> Rule:
    """Make a rule, by default one that allows reading."""
    where = None if namespaces is None else frozenset(namespaces)
    return Rule(frozenset(resources), frozenset(verbs), where)


# The manifest of systems.md 4.3, and replica sets: they are between a pod and its deployment.
READ_ONLY: tuple[Rule, ...] = (
    rule("nodes", "namespaces", "pods", "persistentvolumeclaims", "persistentvolumes", "events"),
    rule("deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps"),
    rule("services", "persistentvolumes", "ingresses.networking.k8s.io"),
    rule("jobs.batch", "cronjobs.batch"),
    rule(
        *(
            resource.qualified
            for resources in SYSTEMS.values()
            for resource in resources
            if resource.plural != "appprojects"
        )
    ),
)

# What docs/kubernetes-reconcile.yaml and docs/kubernetes-dry-run.yaml add.
RECONCILE: tuple[Rule, ...] = (
    rule(
        "kustomizations.kustomize.toolkit.fluxcd.io",
        "helmreleases.helm.toolkit.fluxcd.io",
        *(
            f"{plural}.source.toolkit.fluxcd.io"
            for plural in ("gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets")
        ),
        "applications.argoproj.io",
        verbs=("patch",),
    ),
)
DRY_RUN: tuple[Rule, ...] = (
    rule(
        "configmaps",
        "deployments.apps",
        "schedules.k8up.io",
        "recurringjobs.longhorn.io",
        "certificates.cert-manager.io",
        verbs=("create", "patch"),
    ),
)


class Access:
    """The rights of one service account."""

    def __init__(self, rules: Iterable[Rule], account: str = ACCOUNT) -> None:
        """Begin with these rules."""
        self.account = account
        self.rules = list(rules)
        self.paths = {"/metrics"}
        self._denied: set[tuple[str, str]] = set()

    def deny(self, qualified: str, *verbs: str) -> None:
        """Take rights on a resource away, all of them unless verbs are named."""
        self._denied.update((qualified, verb) for verb in verbs or ("*",))

    def allow(self, qualified: str) -> None:
        """Give back what was taken away."""
        self._denied = {(resource, verb) for resource, verb in self._denied if resource != qualified}

    def allows(self, verb: str, qualified: str, namespace: str | None = None) -> bool:
        """Whether the account may do this."""
        if not self._denied.isdisjoint({(qualified, verb), (qualified, "*")}):
            return False
        return any(rule.grants(verb, qualified, namespace) for rule in self.rules)

    def allows_path(self, path: str) -> bool:
        """Whether the account may read a path that is no resource."""
        return path in self.paths or _DISCOVERY.fullmatch(path) is not None

    def check(self, verb: str, resource: Resource, namespace: str | None, name: str | None) -> None:
        """Raise StatusError 403 if the account may not do this."""
        if self.allows(verb, resource.qualified, namespace):
            return
        scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
        raise forbidden(
            resource,
            name or "",
            f'User "{self.account}" cannot {verb} resource "{resource.plural}"'
            f' in API group "{resource.group}" {scope}',
        )

    def check_path(self, verb: str, path: str) -> None:
        """Raise StatusError 403 if the account may not do this on a path that is no resource."""
        if not self.allows_path(path) or verb != "get":
            said = f'forbidden: User "{self.account}" cannot {verb} path "{path}"'
            raise StatusError(403, "Forbidden", said, details={})

    def review(self, asked: Any) -> dict[str, Any]:
        """Answer a SelfSubjectAccessReview; raises StatusError."""
        spec = asked.get("spec") if isinstance(asked, dict) else None
        if not isinstance(spec, dict) or asked.get("kind") != "SelfSubjectAccessReview":
            raise bad_request("the object provided is unrecognized (must be of type SelfSubjectAccessReview)")
        on_resource, on_path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
        if isinstance(on_resource, dict) is isinstance(on_path, dict):
            said = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
            raise StatusError(
                422, "Invalid", f'SelfSubjectAccessReview "" is invalid: spec: {said}', details={}
            )
        if isinstance(on_resource, dict):
            group, plural = on_resource.get("group", ""), on_resource.get("resource", "")
            qualified = f"{plural}.{group}" if group else plural
            allowed = self.allows(
                on_resource.get("verb", ""), qualified, on_resource.get("namespace") or None
            )
        else:
            on_path = on_path or {}
            allowed = on_path.get("verb") == "get" and self.allows_path(on_path.get("path", ""))
        status: dict[str, Any] = {"allowed": allowed}
        if allowed:
            status["reason"] = (
                'RBAC: allowed by ClusterRoleBinding "home-assistant-readonly" of ClusterRole'
                ' "home-assistant-readonly" to ServiceAccount "home-assistant/home-assistant-monitor"'
            )
        return {
            "kind": "SelfSubjectAccessReview",
            "apiVersion": "authorization.k8s.io/v1",
            "metadata": {},
            "spec": spec,
            "status": status,
        }
