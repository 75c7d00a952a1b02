"""What keeps the benchmark from measuring."""


class BenchError(Exception):
    """The benchmark cannot go on; the message is for the person who started it."""
