"""Forges: where the homelab's repository is kept, and where changes to it are proposed.

`forge` is what every forge can do for us, and what none will; one module per kind of forge says how.
"""
