"""The page on which people who get our messages say what they want, without a password."""
