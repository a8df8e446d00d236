"""Merging on the screen: records side by side, field by field, and bringing a merged one back."""
