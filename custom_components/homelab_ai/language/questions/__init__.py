"""Questions about the things of a homelab, and their answers, without a model."""
