"""Real payloads by what reads them, short enough that a change hits something that is read."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
import json
from types import ModuleType
from typing import Any

from custom_components.homelab_ai.api import (
    alertmanager,
    librechat,
    models,
    open_webui,
    paperless_ai,
    prometheus,
    registry,
)
from custom_components.homelab_ai.api.answers import objects_in
from custom_components.homelab_ai.api.forge import gitea, github, gitlab, reading
from custom_components.homelab_ai.api.kubernetes import client, core, history, objects, openapi
from custom_components.homelab_ai.api.kubernetes.client import Resource
from custom_components.homelab_ai.api.shapes import shaped
from custom_components.homelab_ai.monitors.kubernetes import table, thing_table

type Reader = Callable[[Any], object]

_TIME = "2026-11-21T10:30:00.123456789Z"
_DETAILS = {"family": "llama", "parameter_size": "8.0B", "quantization_level": "Q4_K_M"}
_MODEL = {"name": "llama3.1:8b", "model": "llama3.1:8b", "digest": "a" * 64, "size": 4920753328}
MODELS = {
    "models": [
        {**_MODEL, "modified_at": _TIME, "details": _DETAILS},
        {
            **_MODEL,
            "size_vram": 4920753328,
            "context_length": 8192,
            "expires_at": "2318-03-08T10:00:00+01:00",
        },
    ]
}
SHOWN = {
    "template": "{{- range .Tools }}{{ . }}{{ end }}{{- range .Messages }}<think>{{ .Content }}{{ end }}",
    "modelfile": "FROM /models/blobs/sha256-" + "b" * 64,
    "capabilities": ["completion", "tools", "thinking"],
    "model_info": {
        "general.architecture": "llama",
        "llama.context_length": 131072,
        "llama.block_count": 32,
        "llama.embedding_length": 4096,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
    },
}
CHAT = {
    "model": "llama3.1:8b",
    "created_at": _TIME,
    "message": {
        "role": "assistant",
        "content": "Good evening.",
        "thinking": "Let me see.",
        "tool_calls": [{"function": {"name": "HassTurnOn", "arguments": {"name": "Lamp", "levels": [1, 2]}}}],
    },
    "logprobs": [{"token": "yes", "logprob": -0.2, "top_logprobs": [{"token": "no", "logprob": -3.5}]}],
    "done": True,
    "done_reason": "stop",
    "load_duration": 15000000,
    "prompt_eval_count": 26,
    "eval_count": 290,
    "eval_duration": 4709213000,
}
PULL = {"status": "pulling 46e0c10c039e", "digest": "sha256:46", "total": 4920753328, "completed": 241970}
ALERTS = [
    {
        "fingerprint": "8f5d2c1b9e7a6f30",
        "labels": {"alertname": "KubePodCrashLooping", "namespace": "ai", "severity": "warning"},
        "annotations": {"summary": "Pod is crash looping", "runbook_url": "https://runbooks.home/x"},
        "startsAt": _TIME,
        "generatorURL": "http://prometheus/graph?g0.expr=up",
        "status": {"state": "suppressed", "silencedBy": ["a"], "inhibitedBy": []},
    }
]
FIRING = {
    "alerts": [{"labels": {"alertname": "Disk"}, "annotations": {}, "state": "firing", "activeAt": _TIME}]
}
RESULT = {
    "resultType": "vector",
    "result": [{"metric": {"gpu": "0"}, "value": [1763740800.1, "17171480576"]}],
}
PAPERLESS = {
    "status": "healthy",
    "message": "ok",
    "isProcessing": False,
    "processedToday": 3,
    "lastProcessed": {"processed_at": "2026-11-21 10:30:00"},
    "lastSuccessfulRunAt": _TIME,
    "consecutiveFailures": 2,
    "paperless": {"usable": False, "error": "refused"},
}
MANIFEST = {"layers": [{"mediaType": "x", "size": 4920734272}, {"size": 1481}]}
_CONDITIONS = [
    {"type": kind, "status": "False", "reason": "Failed", "message": "broken", "lastTransitionTime": _TIME}
    for kind in ("Ready", "Completed", "Stalled", "Failed", "Scheduled")
]
_VOLUME = {"persistentVolumeClaim": {"claimName": "data"}}
OBJECT: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {
        "name": "open-webui-0",
        "namespace": "ai",
        "uid": "c0ffee",
        "resourceVersion": "4711",
        "creationTimestamp": _TIME,
        "labels": {"k8up.io/schedule-name": "nightly", "helm.toolkit.fluxcd.io/name": "x"},
        "annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:ai/x"},
        "ownerReferences": [{"kind": "Schedule", "name": "nightly", "controller": True}],
    },
    "spec": {
        "kind": "Pod",
        "name": "ai/open-webui-0",
        "details": "Look at it.",
        "error": [
            {"text": "CrashLoopBackOff for 5m3s", "sensitive": [{"unmasked": "secret", "masked": "x"}]}
        ],
        "suspend": False,
        "path": "./apps",
        "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
        "chart": {"spec": {"chart": "web", "version": "1.0", "sourceRef": {"kind": "HelmRepository"}}},
        "source": {"repoURL": "https://anna:secret@git.home/apps.git", "path": "apps"},
        "backup": {"schedule": "@daily"},
        "replicas": 2,
        "date": _TIME,
        "cron": "0 3 * * *",
        "groups": ["default"],
        "unschedulable": True,
    },
    "status": {
        "phase": "Running",
        "reason": "Evicted",
        "message": "gone",
        "conditions": _CONDITIONS,
        "containerStatuses": [
            {
                "name": "app",
                "restartCount": 7,
                "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m"}},
                "lastState": {"terminated": {"reason": "Error", "exitCode": 137, "finishedAt": _TIME}},
            }
        ],
        "sync": {"status": "OutOfSync"},
        "health": {"status": "Degraded", "message": "one is missing"},
        "operationState": {"phase": "Failed", "message": "no", "finishedAt": _TIME},
        "state": "attached",
        "robustness": "degraded",
        "kubernetesStatus": {"namespace": "ai", "pvcName": "models"},
        "lastBackupAt": _TIME,
        "readyReplicas": 1,
    },
    "count": 3,
    "lastTimestamp": _TIME,
}
SERVED = {
    **OBJECT,
    "metadata": {
        **OBJECT["metadata"],
        "labels": {"backup-volume": "pvc-1", "velero.io/schedule-name": "nightly"},
    },
    "spec": {
        "clusterIP": "10.43.0.7",
        "selector": {"app": "web"},
        "ports": [{"port": 8080, "nodePort": 30080}],
        "rules": [{"host": "web.home", "http": {"paths": [{"backend": {"service": {"name": "web"}}}]}}],
        "tls": [{"hosts": ["web.home"]}],
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"image": "web:1"}], "volumes": [_VOLUME]},
        },
        "jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "web:1"}]}}}},
        "nodeName": "worker-1",
        "volumeName": "pvc-1",
        "storageClassName": "longhorn",
        "capacity": {"storage": "10Gi"},
        "nfs": {"server": "nas.home"},
        "url": "https://anna:secret@git.home/apps.git",
        "issuerRef": {"kind": "ClusterIssuer", "name": "home"},
        "dnsNames": ["web.home"],
        "backupTargetURL": "s3://backups",
        "schedule": "0 3 * * *",
        "components": [{"name": "source-controller", "ready": False}],
        "sync": {"ready": False, "status": "no"},
        "size": "10737418240",
        "sourcePVC": "data",
    },
    "status": {
        "phase": "Pending",
        "capacity": {"memory": "16Gi", "storage": "10Gi"},
        "addresses": [{"address": "10.0.0.1"}],
        "nodeInfo": {"kubeletVersion": "v1.35.2", "osImage": "Debian 12"},
        "actualSize": 5368709120,
        "currentNodeID": "worker-1",
        "history": [{"deployedAt": _TIME, "chartVersion": "1.2.3", "firstReconciled": _TIME}],
        "loadBalancer": {"ingress": [{"ip": "10.0.0.9"}]},
        "desiredNumberScheduled": 3,
        "numberReady": 2,
        "latestMoverStatus": {"result": "Failed", "logs": "no space"},
        "lastSyncTime": _TIME,
        "notAfter": _TIME,
        "renewalTime": _TIME,
        "validationErrors": ["no such location"],
        "conditions": _CONDITIONS,
        "failedIssuanceAttempts": 2,
    },
}
PULL_REQUEST = {
    "number": 7,
    "iid": 7,
    "title": "Enable it",
    "state": "open",
    "draft": True,
    "body": "x <!-- y -->",
    "html_url": "https://git.home/7",
    "web_url": "https://git.home/7",
    "description": "x",
    "sha": "a" * 40,
    "created_at": _TIME,
    "updated_at": _TIME,
    "merged_at": None,
    "merged": False,
    "labels": [{"name": "x"}],
    "user": {"login": "anna"},
    "author": {"username": "anna"},
    "merged_by": {"login": "anna"},
    "head": {"ref": "homelab-ai/x1", "label": "x", "sha": "a" * 40, "repo_id": 1, "repo": {"id": 1}},
    "base": {"ref": "main", "repo_id": 1, "repo": {"id": 1}},
    "source_branch": "homelab-ai/x1",
    "target_branch": "main",
    "source_project_id": 1,
    "target_project_id": 1,
}
REVIEWS = {"reviews": [{"user": {"login": "anna"}, "state": "APPROVED"}, {"user": {}, "state": "DISMISSED"}]}
CHANGED = {
    "filename": "a.yaml",
    "status": "renamed",
    "previous_filename": "b.yaml",
    "additions": 1,
    "deletions": 2,
}
MOVED = {"old_path": "a.yaml", "new_path": "b.yaml", "diff": "+x\n-y\n", "renamed_file": True}
TREE = {"tree": [{"path": "a.yaml", "mode": "100644", "type": "blob", "sha": "a" * 40, "size": 10}]}
ACTIVE = {"activeAlertmanagers": [{"url": "http://alertmanager:9093/api/v2/alerts"}]}
SCHEMA = {
    "components": {
        "schemas": {
            "web": {
                "x-kubernetes-group-version-kind": [{"group": "apps", "version": "v1", "kind": "Deployment"}],
                "properties": {"spec": {"$ref": "#/components/schemas/spec"}},
            },
            "spec": {"type": "object", "description": "x", "required": ["replicas"]},
        }
    },
    "resources": [{"name": "deployments", "kind": "Deployment", "namespaced": True}],
}
GROUPS = [{"alerts": [{"fingerprint": "f" * 16, "status": {"mutedBy": ["night"]}}]}]
METRICS = (
    "# HELP librechat_messages Messages\nlibrechat_messages_total 1284.0\n"
    'librechat_messages_per_model_total{model="llama3.1:8b"} 1020\nlibrechat_active_users 3 1763740800000\n'
)


def _resources(*modules: ModuleType) -> dict[str, Reader]:
    return {
        f"kubernetes {value.name}": value.parse
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Resource)
    }


def _line(path: str, told: object) -> object:
    return shaped(path, json.dumps(told).encode())


def _event(told: object) -> object:
    return client._event(json.dumps({"type": "MODIFIED", "object": told}).encode()).kind


def _objects(read: Callable[[Any], object]) -> Reader:
    """Return a reader that is only ever given objects."""
    return lambda told: read(told) if isinstance(told, dict) else None


def _reviews(read: Callable[[Iterator[Any]], object]) -> Reader:
    return _objects(lambda told: read(objects_in(told.get("reviews"))))


READERS: Mapping[str, tuple[object, Reader]] = {
    "ollama tags": (MODELS, models.installed),
    "ollama ps": (MODELS, models.loaded),
    "ollama show": (SHOWN, models.details),
    "ollama chat": (CHAT, partial(_line, "/api/chat")),
    "ollama generate": (CHAT, partial(_line, "/api/generate")),
    "ollama pull": (PULL, partial(_line, "/ollama/api/pull")),
    "alertmanager": (ALERTS, alertmanager._alerts),
    "alertmanager status": ({"versionInfo": {"version": "0.28.1"}}, alertmanager._version),
    "prometheus alerts": (FIRING, _objects(prometheus._firing)),
    "prometheus query": (RESULT, _objects(prometheus._result)),
    "prometheus buildinfo": ({"version": "3.7.3"}, _objects(prometheus._version)),
    "open_webui": ({"data": [{"id": "a"}, {"id": "b"}]}, open_webui._counts),
    "paperless_ai": (PAPERLESS, _objects(paperless_ai._processing)),
    "paperless_ai scans": (PAPERLESS, _objects(paperless_ai._scan_health)),
    "paperless_ai health": (PAPERLESS, _objects(partial(paperless_ai._trouble, 500))),
    "registry": (MANIFEST, registry._size),
    "librechat": (METRICS, lambda text: librechat._read(str(text).encode(errors="surrogatepass"))),
    "kubernetes watch": (OBJECT, _event),
    "kubernetes look": (OBJECT, _objects(history.parse)),
    "kubernetes event": (OBJECT, _objects(history._event)),
    **{name: (OBJECT, _objects(read)) for name, read in _resources(core, objects).items()},
    **{f"kubernetes {name}": (SERVED, _objects(row.resource.parse)) for name, row in table.ROWS.items()},
    **{f"kubernetes thing {name}": (SERVED, _objects(row.read)) for name, row in thing_table.THINGS.items()},
    "kubernetes schema": (
        SCHEMA,
        _objects(lambda told: openapi.schema_in(told, "apps/v1", "Deployment") is not None),
    ),
    "alertmanager labels": (
        ALERTS,
        lambda told: json.dumps(alertmanager._labels(told, "f" * 16), ensure_ascii=False).encode(),
    ),
    "alertmanager muted": (GROUPS, alertmanager._muted),
    "prometheus alertmanagers": (ACTIVE, _objects(prometheus._alertmanagers)),
    **{
        f"{forge.__name__} pull request": (PULL_REQUEST, _objects(forge.read_pull_request))
        for forge in (gitea.GiteaForge, github.GitHubForge, gitlab.GitLabForge)
    },
    **{
        f"{name} reviews": (REVIEWS, _reviews(read))
        for name, read in (("gitea", gitea._review), ("github", github._review))
    },
    "github run": ({"name": "x", "status": "completed", "conclusion": "failure"}, _objects(github._run)),
    "github status": ({"context": "x", "state": "error"}, _objects(github._status)),
    "gitlab changed file": (MOVED, _objects(gitlab._changed_file)),
    "forge changed file": (CHANGED, _objects(lambda told: reading.changed_file(told, {}))),
    "forge tree": (TREE, _objects(lambda told: reading.files_in(told, ("",)))),
}
