"""Simulated servers of a homelab that speak the real protocols over real sockets.

Used by the tests, the demo and the benchmarks, and alone by `python -m demo.servers`. Nothing here imports
Home Assistant or the integration.
"""
