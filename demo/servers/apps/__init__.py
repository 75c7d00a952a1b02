"""Simulated apps of a homelab: those that use the hub, and any web page (systems.md 7)."""
