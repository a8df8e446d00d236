"""Measures the pages and commands of the product against hand-written SQL."""
