"""Pages: what they show, to whom, how quickly they are asked of the database."""
