"""Hostile texts, played through everything that a model reads."""
