"""Likely duplicates on the screen: one pair after the other, the sure ones together, and how good the search is."""
