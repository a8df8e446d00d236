"""The ledger of consents, what it allows, and the page on which people change it."""
