"""The piece of an address that names a record type: only declared ones match."""

from django.urls.converters import StringConverter

from rapporto.store.declare import DECLARED


class RecordConverter(StringConverter):
    """«party» in /party/12/; a name that is not declared is no address of ours."""

    regex = "[a-z][a-z_]*"

    def to_python(self, value: str) -> str:
        if value not in DECLARED:
            raise ValueError(f"no record type {value!r}")
        return value
