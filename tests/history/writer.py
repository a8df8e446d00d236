"""Writes without end in a process of its own, saying on its output what is done: somebody kills it at some instant.

Each line it prints has been committed before: «made 7» the party, «changed 3 12» twelve parties bear number 3, «undone 5 3».
"""

import os
from itertools import count


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "rapporto.site.settings"
    import django  # noqa: PLC0415 (the settings must be chosen before)

    django.setup()
    from rapporto.domain.parties.models import Party  # noqa: PLC0415
    from rapporto.kernel.actor import system_task  # noqa: PLC0415
    from rapporto.store.history.changing import change_set  # noqa: PLC0415
    from rapporto.store.history.undo import undo  # noqa: PLC0415

    actor = system_task("writer")
    for number in count(1):
        with change_set(actor, "make") as made:
            Party.objects.create(name=f"Party {number}")
            Party.objects.create(name=f"Twin {number}")
        print("made", made.pk, number, flush=True)
        with change_set(actor, "number") as changed:
            Party.objects.filter(name__startswith="Party").update(turnover=number)
        print("changed", changed.pk, number, flush=True)
        if number % 2:
            print("undone", undo(actor, changed.pk or 0).change_set_id, number, flush=True)


if __name__ == "__main__":
    main()
