"""The shared Ollama hub, room by room."""
