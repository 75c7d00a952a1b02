"""The demonstration: a Home Assistant of its own that is set up with this integration and put to use.

`scripts/demo` starts it; `__main__` is the table of contents. Nothing here imports Home Assistant:
it is driven from outside, over the same REST and WebSocket API that its frontend uses.
"""
