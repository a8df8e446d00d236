"""Keeps whatever is declared, in Django's ORM: find, save, change many, history, search, facts."""
