"""The business, one package per area: models, records, commands. No HTTP."""
