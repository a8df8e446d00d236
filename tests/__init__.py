"""What the product promises, as sentences that a machine can check."""
