"""Pages that take in files."""
