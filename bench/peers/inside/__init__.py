"""What runs inside a peer's own environment: its settings, and what fills its database."""
