"""Repositories for tests, in five layouts, as people write them: with comments, quotes, flow and anchors."""

from collections.abc import Iterator
from enum import StrEnum
import random

SHA = "sha256:" + "0123456789abcdef" * 4
NAMESPACES = {
    "ai": ("ollama", "open-webui", "librechat", "paperless-ai"),
    "media": ("jellyfin", "immich", "sonarr", "radarr"),
    "observability": ("grafana", "loki", "kube-prometheus-stack", "gatus"),
    "storage": ("longhorn", "k8up", "minio", "volsync"),
    "home": ("mosquitto", "zigbee2mqtt", "esphome", "frigate"),
}
DEPENDS = {
    "open-webui": ("ollama",),
    "librechat": ("open-webui",),
    "paperless-ai": ("ollama",),
    "loki": ("minio/storage",),
    "zigbee2mqtt": ("mosquitto",),
}


class Layout(StrEnum):
    """How apps are switched off in a repository."""

    LISTED = "listed"
    """The line is gone, and the file is named otherwise."""
    GENERATED = "generated"
    """There is no list: the name of the file decides."""
    COMMENTED = "commented"
    """The line is commented out, the file is as it was."""
    ARCHIVED = "archived"
    """The file was moved to an archive."""
    SEVERAL = "several"
    """Several Kustomizations in each file."""


def repository(layout: Layout, off: tuple[str, ...] = (), seed: int = 1) -> dict[str, str]:
    """Return the files of a repository in which some apps are off."""
    dice = random.Random(f"{layout}{seed}")
    files = {"kubernetes/flux/cluster/ks.yaml": ROOT}
    for namespace, apps in NAMESPACES.items():
        folder = f"kubernetes/apps/{namespace}"
        files[f"{folder}/namespace.yaml"] = NAMESPACE.format(name=namespace)
        if layout is not Layout.GENERATED:
            files[f"{folder}/kustomization.yaml"] = _list(layout, namespace, apps, off)
        for app in apps:
            files |= dict(_app(layout, folder, namespace, app, off=app in off, dice=dice))
    return files


def corpus() -> dict[str, dict[str, str]]:
    """Return a repository in each layout, with some apps off."""
    off = ("ollama", "paperless-ai", "gatus")
    return {layout.value: repository(layout, off) for layout in Layout}


def _list(layout: Layout, namespace: str, apps: tuple[str, ...], off: tuple[str, ...]) -> str:
    rows = ["---", "apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization"]
    rows += [f"namespace: {namespace}", "resources:", "  - ./namespace.yaml"]
    for app in apps:
        if app not in off:
            rows.append(f"  - ./{app}/ks.yaml")
        elif layout is Layout.COMMENTED:
            rows.append(f"  # - ./{app}/ks.yaml")
    return "\n".join(rows) + "\n"


def _app(  # noqa: PLR0917
    layout: Layout, folder: str, namespace: str, app: str, off: bool, dice: random.Random
) -> Iterator[tuple[str, str]]:
    home = f"{folder}/{app}"
    name = f"{home}/ks.yaml"
    if off and layout is Layout.ARCHIVED:
        name = f"archive/apps/{namespace}/{app}/ks.dis"
    elif off and layout is not Layout.COMMENTED:
        name = f"{home}/ks.dis"
    depends = [one.partition("/") for one in DEPENDS.get(app, ())]
    listed = "".join(
        f"\n    - name: {one}" + (f"\n      namespace: {where}" if where else "") for one, _, where in depends
    )
    text = KS.format(name=app, home=home, depends=f"\n  dependsOn:{listed}" if listed else "")
    if layout is Layout.GENERATED:  # no list says the namespace there
        text = text.replace("\nspec:", f"\n  namespace: {namespace}\nspec:", 1)
    if layout is Layout.SEVERAL:
        text += EXTRA.format(name=app, home=home)
        yield f"{home}/extra/kustomization.yaml", LIST_OF.format(entry="./configmap.yaml")
        yield f"{home}/extra/configmap.yaml", CONFIG_MAP.format(name=app, number=dice.randrange(9))
    yield name, text
    yield f"{home}/app/kustomization.yaml", LIST_OF.format(entry="./helmrelease.yaml")
    yield (
        f"{home}/app/helmrelease.yaml",
        dice.choice((HELM_RELEASE, HELM_RELEASE_FLOW)).format(
            name=app, major=dice.randrange(1, 30), minor=dice.randrange(20), sha=SHA, ns=namespace
        ),
    )


NAMESPACE = """---
apiVersion: v1
kind: Namespace
metadata:
  name: {name}
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
"""
LIST_OF = """---
# yaml-language-server: $schema=https://json.schemastore.org/kustomization
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - {entry}
"""
ROOT = """---
# yaml-language-server: $schema=https://example.org/kustomization.json
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: cluster-apps
  namespace: flux-system
spec:
  interval: 1h
  path: ./kubernetes/apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
"""
KS = """---
# yaml-language-server: $schema=https://example.org/kustomization.json
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &app {name}
spec:{depends}
  commonMetadata:
    labels:
      app.kubernetes.io/name: *app
  interval: 1h   # not too often
  path: ./{home}/app
  prune: true
  retryInterval: 2m
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  timeout: 5m
  wait: false
"""
EXTRA = """---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}-extra
spec:
  dependsOn:
    - name: {name}
  interval: 30m
  path: ./{home}/extra
  prune: true
  sourceRef: {{ kind: GitRepository, name: flux-system, namespace: flux-system }}
"""
CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}-extra}}
data:
  level: "{number}"
  script: |
    #!/bin/sh
    echo "level: ${{LEVEL:=1}}"
"""
HELM_RELEASE = """---
# yaml-language-server: $schema=https://example.org/helmrelease.json
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: &app {name}
spec:
  interval: 1h
  chartRef:
    kind: OCIRepository
    name: app-template
  values:
    controllers:
      {name}:
        replicas: 1
        strategy: Recreate
        containers:
          app:
            image:
              repository: ghcr.io/example/{name}
              tag: {major}.{minor}.1@{sha}
            env:
              TZ: Europe/Berlin
              PORT: &port 8080
              GREETING: 'it''s "fine" # really'
              UMLAUT: "Grüße 😀 \\t tab"
              NULLED: ~
              EMPTY:
            envFrom:
              - secretRef:
                  name: {name}-secret
            probes:
              liveness: &probes
                enabled: true
                spec: {{ periodSeconds: 10, path: /healthz }}
              readiness: *probes
            resources:
              requests:
                cpu: 10m
                memory: 128Mi
              limits:
                memory: 1Gi
            securityContext:
              capabilities: {{ drop: ["ALL"] }}
    service:
      app:
        ports:
          http:
            port: *port

    persistence:
      data:
        type: persistentVolumeClaim
        size: 10Gi
        storageClass: longhorn
      config:
        existingClaim: {name}
"""
HELM_RELEASE_FLOW = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
    name: {name}
spec:
    interval: 30m
    chart:
        spec:
            chart: {name}
            version: {major}.{minor}.4
            sourceRef: {{kind: HelmRepository, name: {name}, namespace: {ns}}}
    values:
        image: {{repository: "docker.io/example/{name}", tag: "{major}.{minor}"}}
        replicaCount: 2
        schedule: '0 3 * * *'
        verbose: yes
        ratio: 0.5
        args: [ --log-level=info,  --port=8080 ]
        persistence:
            enabled: true
            size: 5Gi
        extra: >-
            folded
            text
        hosts:
        - name: main
          host: {name}.example.org    # public?
        - name: internal
          host: {name}.lan
"""
