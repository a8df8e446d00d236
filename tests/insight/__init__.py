"""Tests of the analysis: the search for duplicates, and how good it is."""
