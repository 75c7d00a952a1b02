"""The dashboard: what is served, what the card is sent, and the JavaScript itself."""
