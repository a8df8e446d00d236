"""Tables that come in, and files that lie."""
