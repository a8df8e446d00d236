"""Every command of the product, in the order in which the sheet of the keys lists them."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapporto.kernel.actor import Actor
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.records import may_change
from rapporto.web.commands.registry import (
    CARD,
    CHOSEN,
    COMMANDS,
    EVERYWHERE,
    FORM,
    LIST,
    PANEL,
    REVIEW,
    SHEET,
    At,
    Command,
    add,
)
from rapporto.web.links import card_url, edit_url, new_url


def _may_add_party(actor: Actor, at: At) -> bool:
    return DECLARED["party"].record.changeable(actor) != NOTHING


def _may_change(actor: Actor, at: At) -> bool:
    return at.id is not None and may_change(actor, at.record, at.id)


def _at_party(actor: Actor, at: At) -> bool:
    return at.record == "party" and at.id is not None


def _note(kind: str) -> Callable[[Actor, At], str]:
    return lambda actor, at: f"{card_url(at.record, at.id or 0)}?kind={kind}#note"


# ── everywhere ──────────────────────────────────────────────────────────────────────────────────
add(Command("palette", _("Search or command"), (EVERYWHERE,), "search", keys=("Control+K",)))
add(Command("keys", _("Help: keys"), (EVERYWHERE,), "help", _("shortcuts keyboard letters help"), keys=("?",)))
add(
    Command(
        "new_party",
        _("New party"),
        (EVERYWHERE,),
        "plus",
        _("add create company person customer contact"),
        letter="N",
        url=lambda actor, at: new_url("party"),
        allowed=_may_add_party,
    )
)
add(Command("undo", _("Undo the last change"), (EVERYWHERE,), "undo", _("back restore mistake"), letter="Z"))
add(
    Command(
        "import_contacts",
        _("Import data"),
        (EVERYWHERE,),
        "import",
        _("load CSV Excel Outlook Google ERP contacts"),
        url=lambda actor, at: reverse("import"),
        allowed=_may_add_party,
    )
)
add(
    Command(
        "duplicates",
        _("Likely duplicates"),
        (EVERYWHERE,),
        "parties",
        _("twice double merge clean register"),
        url=lambda actor, at: reverse("duplicates"),
        allowed=_may_add_party,
    )
)
add(Command("theme", _("Dark theme"), (EVERYWHERE,), "moon", _("light colours night")))
add(
    Command(
        "account",
        _("Password and security"),
        (EVERYWHERE,),
        "shield",
        _("passkey code second factor"),
        url=lambda actor, at: reverse("settings_account"),
    )
)
add(Command("sign_out", _("Sign out"), (EVERYWHERE,), "leave", _("log out leave exit")))

# ── a list ──────────────────────────────────────────────────────────────────────────────────────
_BY_NAME = _("press the name in the row")
add(Command("next_row", _("Next row"), (LIST,), "down", keys=("J",), by_hand=_BY_NAME))
add(Command("previous_row", _("Previous row"), (LIST,), "up", keys=("K",), by_hand=_BY_NAME))
add(Command("find_in_list", _("Search in this list"), (LIST,), "search", letter="L"))
add(Command("add_filter", _("Add a filter"), (LIST,), "filter", _("narrow condition only where"), letter="I"))
add(Command("group", _("Group the rows"), (LIST,), "group", _("subtotals sums levels"), letter="R"))
add(Command("columns", _("Choose the columns"), (LIST,), "columns", _("fields show hide"), letter="O"))
add(Command("save_view", _("Save this view"), (LIST,), "save", _("keep columns filters order")))
add(Command("export", _("Export the list"), (LIST,), "export", _("Excel CSV XLSX download sheet"), letter="X"))
add(Command("add_record", _("Add a record to this list"), (LIST,), "plus", _("new create")))
add(Command("as_of", _("As it was on a day"), (LIST, CARD), "history", _("past time travel date before"), letter="Y"))
add(Command("sheet_mode", _("Edit in the list"), (LIST,), "edit", _("cells sheet write quickly"), letter="G"))

# ── the cells of a list that is edited as a sheet ───────────────────────────────────────────────
_PRESS, _BUTTON = _("press the cell"), _("the button of the same name above the list")
add(Command("cell_next", _("Next cell"), (SHEET,), "right", keys=("Tab", "ArrowDown"), by_hand=_PRESS))
add(Command("cell_edit", _("Change the cell"), (SHEET,), "edit", keys=("Enter", "F2"), by_hand=_BUTTON))
add(Command("cell_keep", _("Leave the cell as it was"), (SHEET,), "undo", keys=("Escape",), by_hand=_PRESS))
add(Command("cell_copy", _("Copy"), (SHEET,), "file", keys=("Control+C",), by_hand=_BUTTON))
add(Command("cell_paste", _("Paste"), (SHEET,), "import", keys=("Control+V",), by_hand=_BUTTON))
add(Command("cell_empty", pgettext_lazy("cells", "Empty"), (SHEET,), "trash", keys=("Delete",), by_hand=_BUTTON))

# ── rows that are chosen ────────────────────────────────────────────────────────────────────────
add(Command("change_chosen", _("Change the chosen rows"), (CHOSEN,), "edit", _("bulk edit many together")))
add(Command("choose_none", _("Choose none"), (CHOSEN,), "close", _("unselect clear")))

# ── a card, and the panel beside a list ─────────────────────────────────────────────────────────
add(
    Command(
        "call",
        _("Note a call"),
        (CARD, PANEL),
        "phone",
        _("telephone phone new activity"),
        letter="U",
        url=_note("call"),
        allowed=_at_party,
    )
)
add(
    Command(
        "note",
        _("Write a note"),
        (CARD, PANEL),
        "note",
        _("new activity remark text"),
        letter="Q",
        url=_note("note"),
        allowed=_at_party,
    )
)
add(
    Command(
        "step_done", _("Done, and then…"), (CARD, PANEL), "check", _("complete finish next step follow up"), letter="J"
    )
)
add(
    Command(
        "change",
        _("Change the data"),
        (CARD, PANEL),
        "edit",
        _("edit correct modify fields"),
        letter="K",
        url=lambda actor, at: edit_url(at.record, at.id or 0),
        allowed=_may_change,
    )
)
add(Command("delete", _("Delete this record"), (CARD,), "trash", _("remove throw away")))
add(Command("next", _("Next card"), (PANEL,), "down", keys=("J",)))
add(Command("previous", _("Previous card"), (PANEL,), "up", keys=("K",)))
add(Command("whole_card", _("Open the whole card"), (PANEL,), "open", letter="P"))
add(Command("close_panel", _("Close the panel"), (PANEL,), "close", keys=("Escape",)))

# ── a form ──────────────────────────────────────────────────────────────────────────────────────
add(Command("save", _("Save"), (FORM, CARD, PANEL), "save", _("keep note plan"), letter="W"))

# ── the queue of likely duplicates ──────────────────────────────────────────────────────────────
add(Command("merge_pair", _("Merge the two"), (REVIEW,), "check", _("same one join duplicates"), keys=("U",)))
add(Command("tell_apart", _("No duplicates"), (REVIEW,), "close", _("different two apart"), keys=("N",)))
add(Command("put_off", _("Later"), (REVIEW,), "clock", _("skip postpone not now"), keys=("P",)))
add(Command("next_pair", _("Next pair"), (REVIEW,), "right", keys=("J",)))
add(Command("previous_pair", _("Previous pair"), (REVIEW,), "left", keys=("K",)))

__all__ = ["COMMANDS"]
