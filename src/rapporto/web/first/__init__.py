"""The first hour of an installation: its first administrator, the choice of how to begin, and the way out for the demo company."""
