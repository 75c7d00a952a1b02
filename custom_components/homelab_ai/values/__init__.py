"""Foreign values that have passed: what Home Assistant can keep, show and write. Every room may know them."""
