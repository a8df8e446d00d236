"""Data on their way in and out: tables in files."""
