"""Simulated servers of a homelab that speak the real protocols over real sockets.

Used by the tests and by `python -m demo`. Nothing here imports Home Assistant or the integration.
"""
