"""Who is in the network, by what Home Assistant hears: no scan of our own, no traffic, no movements."""
