"""The words of a CRM in plain Python: no Django, no input or output."""
