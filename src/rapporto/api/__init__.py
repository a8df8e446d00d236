"""REST for other programs, derived from the declarations: lists, records, changes, and the document that describes them."""
