"""`scripts/bench`: Homelab AI and Home Assistant's own `ollama`, side by side against one simulated hub."""
