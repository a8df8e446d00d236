"""Rapporto: the memory of every relation of a company."""

__version__ = "0.1.0"
