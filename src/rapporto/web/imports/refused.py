"""The rows that an import left out, as a file that can be mended and loaded again."""

import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.runs import run_of
from rapporto.store.jobs import loaded
from rapporto.store.messages import in_words
from rapporto.store.transfer.csv_table import CsvTable
from rapporto.store.transfer.tables import Column
from rapporto.web.asked import language
from rapporto.web.imports.work import table_of


@require_GET
def refused_rows(request: HttpRequest, run: int) -> HttpResponse:
    """The rows with all their columns, and one more that says why."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    one = run_of(actor, run)
    heads = table_of(one).headers
    file = io.BytesIO()
    table = CsvTable(file, [Column(head) for head in (*heads, _("Reason"))], language(), yes=_("yes"), no=_("no"))
    for values in _rows(one, len(heads)):
        table.row(values)
    table.close()
    answer = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slugify(_("left out"))}-{run}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _rows(run: ImportRun, width: int) -> Iterator[list[Any]]:
    for one in run.refused.order_by("number").iterator(500):
        cells = [*(str(value) if value is not None else "" for value in one.values), *[""] * width][:width]
        yield [*cells, in_words(loaded(one.reason))]
