"""A Kubernetes API server: requests, watches, and the objects that are read."""

from .client import KubernetesClient, Resource

__all__ = ["KubernetesClient", "Resource"]
