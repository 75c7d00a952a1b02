"""A corpus of questions about made-up homelabs, asked through Home Assistant's own agent."""
