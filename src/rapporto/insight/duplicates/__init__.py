"""Looks through the whole register for parties that stand there twice: candidates, a trained model, rules that have the last word."""
