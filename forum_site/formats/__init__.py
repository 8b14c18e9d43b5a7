"""Dates and numbers as each language of the forum writes them."""
