"""The shared Ollama hub: which server answers, what it is told, and how well it does."""
