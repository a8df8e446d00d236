"""Analysis of what the company knows. The only layer that knows DuckDB; it reads through the doors of the store."""
