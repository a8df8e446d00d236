"""Who works here: users, roles, teams, territories."""
