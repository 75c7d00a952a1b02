"""How well a model runs a house, as a table in the terminal; see scripts/evaluate."""
