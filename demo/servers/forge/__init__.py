"""Forges of the demo and the tests: a real Gitea where it was built, servers that play GitHub and GitLab.

What these two play is stricter than the real ones, never kinder.
"""
