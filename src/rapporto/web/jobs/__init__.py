"""Pages of long works: how far each is, what came of it, and the sign that one is under way."""
