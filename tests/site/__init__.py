"""The site: settings, the command, the architecture of the whole."""
