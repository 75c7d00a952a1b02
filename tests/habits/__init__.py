"""Tests of the habits."""
