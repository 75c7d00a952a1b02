"""What ends the demonstration early."""


class DemoError(Exception):
    """A step failed; the message is written for the person at the terminal."""
