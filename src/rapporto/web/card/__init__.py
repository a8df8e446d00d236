"""The card of a record: essentials, parts, numbers and story on one page, and the side panel of the same address."""
