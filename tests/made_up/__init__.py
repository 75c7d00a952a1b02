"""A kind of system that does not exist: a well, as somebody would add one who has only read the docs."""
