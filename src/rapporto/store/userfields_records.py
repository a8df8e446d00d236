"""The record types of the fields that a company makes: with them come their history, their undo and their rights."""

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, SYSTEM
from rapporto.kernel.where import EVERYTHING
from rapporto.store.declare import declare
from rapporto.store.userfields_models import FieldChoice, FieldGroup, UserField
from rapporto.store.userfields_written import (
    group_named_once,
    group_of_its_own,
    holds_what_it_was_made_for,
    kinds_there_are,
    last_place,
    named_once,
    of_a_list,
    renew_indexes,
    tell_of_fields,
    value_named_once,
)

KEEPERS = dict.fromkeys((MANAGER, ADMINISTRATOR, SYSTEM), EVERYTHING)
"""Who makes fields. Everybody sees them where they are filled in; here they are kept."""

field_group = declare(
    FieldGroup,
    grid=("record", "name", "position"),
    order="position",
    see=KEEPERS,
    change=KEEPERS,
    prepare=(last_place, group_named_once),
    refresh=(tell_of_fields,),
    icon="columns",
)

user_field = declare(
    UserField,
    title="label",
    order="position",
    grid=("record", "label", "kind", "group", "required", "removed"),
    sections={
        _("Field"): ("record", "label", "label_en", "kind", "target", "hint"),
        _("Where it stands"): ("group", "position", "only_for", "required", "removed"),
    },
    see=KEEPERS,
    change=KEEPERS,
    prepare=(holds_what_it_was_made_for, named_once, group_of_its_own, kinds_there_are, last_place),
    refresh=(tell_of_fields, renew_indexes),
    icon="columns",
)

field_choice = declare(
    FieldChoice,
    title="label",
    order="position",
    grid=("field", "label", "code", "position", "retired"),
    see=KEEPERS,
    change=KEEPERS,
    prepare=(of_a_list, value_named_once, last_place),
    refresh=(tell_of_fields,),
    icon="tag",
    part_of="field",
)
