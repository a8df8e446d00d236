"""One module per sub-command of `rapporto`, each with `add_arguments(parser)` and `run(options) -> exit status`."""
