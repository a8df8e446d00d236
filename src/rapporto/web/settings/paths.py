"""The piece of an address that names a record type for which a company may make fields."""

from rapporto.store.declare import DECLARED
from rapporto.store.userfields_models import takes_fields
from rapporto.web.paths import RecordConverter


class FieldedConverter(RecordConverter):
    """«party» in /settings/fields/party/; other types have no place for own fields."""

    def to_python(self, value: str) -> str:
        name = super().to_python(value)
        if not takes_fields(DECLARED[name].record):
            raise ValueError(f"no own fields for {name!r}")
        return name
