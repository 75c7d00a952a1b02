"""Habits: what people in the house do again and again. Nothing in here runs unless the option says so."""
