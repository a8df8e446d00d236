"""Pages that take data in: choose a file, say what its columns mean, try it out, import it, take it all back."""
