"""What every declared record type must do; a new one is asked the same, unasked."""
