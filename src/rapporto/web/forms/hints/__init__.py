"""What helps while one types: readings, checks, offers that one press takes, parties that may be there already."""
