"""An agent: a model with its settings, holding a conversation through the hub."""
