"""Pairs of parties that may be one and the same: proposed by whoever finds them, decided by people, never asked about twice."""
