"""The palette: one field that finds records, commands, places and views, and opens or does them."""
