"""Who may be written to and called, for what, by which way, and what proves it."""
