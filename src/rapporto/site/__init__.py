"""What an installation is made of: settings, addresses, parts and the `rapporto` command."""
