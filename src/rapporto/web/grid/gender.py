"""How Italian speaks of the records of a type: «tutte le anagrafiche», «tutti gli utenti»."""

FEMININE_ENDINGS = ("e", "à", "ioni", "ù")


def feminine(plural: str) -> bool:
    """Whether what is called so in the plural is feminine; told by its ending, which holds for the words of a register."""
    first = plural.split(" ")[0].lower()
    return first.endswith(FEMININE_ENDINGS)
