"""The rights of a person over their data: everything that is held about them, and its erasure; both derived from the declarations."""
