"""The one grid of all record types: columns, filters, rows, bulk changes, search."""
