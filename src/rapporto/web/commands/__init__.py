"""What can be done by name: each command declared once, for the palette, the keys, the letters and the sheet of the keys."""
