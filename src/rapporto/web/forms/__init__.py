"""Forms made from the declarations: fields, links, conflicts, errors by field."""
