"""Tests of the Homelab AI integration."""
