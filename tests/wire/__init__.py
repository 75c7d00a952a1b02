"""Hostile bytes on the wire: every answer that there may be, against every call that the clients make."""
