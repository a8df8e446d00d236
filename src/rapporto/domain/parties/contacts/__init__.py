"""Contact files of Outlook and Google: read, understood, previewed, imported in one change set."""
