"""The page of what was changed: by whom, when, through which door, and the way back."""
