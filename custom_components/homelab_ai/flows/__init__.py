"""The forms of the config flow: what is asked, how it is checked, and what of it is stored."""
