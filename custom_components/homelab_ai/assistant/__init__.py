"""The assistant: answers what people and agents ask of the homelab, from facts first, by a model second."""
