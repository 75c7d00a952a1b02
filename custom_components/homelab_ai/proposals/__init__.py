"""Proposals: what a repository delivers, what could be changed in it, and the draft that says so. Pure.

`yaml_text` and `splice` read and change text; `graph` says what is active; `switching` and `fields` make
plans of edits; `policy` judges them; `draft` tells a person.
"""
