"""The story of a party: one stream of dealings and changes."""
