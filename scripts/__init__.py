"""Programs for those who build the product; nothing here is part of an installation."""
