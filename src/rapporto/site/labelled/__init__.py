"""Registers of which is known who is who, to train and to measure the search for duplicates: a noisy Italian one, and FEBRL."""
