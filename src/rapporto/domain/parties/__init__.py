"""Whom we deal with: organisations, units and persons, and how they belong together."""
