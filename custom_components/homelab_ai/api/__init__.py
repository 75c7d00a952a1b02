"""Clients of the systems in a homelab; nothing in here knows Home Assistant."""
