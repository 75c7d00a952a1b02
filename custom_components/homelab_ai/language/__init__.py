"""What a person hears and reads: briefings and answers composed of facts, in each language."""
