"""`scripts/bench`: Homelab AI beside Home Assistant's own `ollama`, and with a large homelab."""
