"""Failures of a homelab as its systems tell of them: what is told, and how many events it may raise."""
