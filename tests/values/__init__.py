"""What foreign values become."""
