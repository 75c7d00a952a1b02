"""Real payloads, changed at random."""
