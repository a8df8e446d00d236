"""The settings: what an installation is made of, understood by a person who comes here once a year."""
