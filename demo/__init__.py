"""A simulated homelab: its servers, a Home Assistant that shows it, and what is measured with both.

`servers` speak the real protocols over real sockets; `house` starts Home Assistant and leads through it;
`bench` and `evaluate` measure; `habits` are made-up houses with known habits. Nothing here is part of the
integration.
"""
