"""The health of the homelab: problems, and the ledger that knows which are new, gone and muted. Pure."""
