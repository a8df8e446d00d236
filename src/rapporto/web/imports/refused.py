"""The rows that an import left out, as a file that can be mended and loaded again."""

import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.runs import run_of
from rapporto.store.jobs import loaded
from rapporto.store.messages import in_words
from rapporto.store.transfer.reading import Row
from rapporto.store.transfer.refused import refused_file
from rapporto.web.asked import language
from rapporto.web.imports.work import table_of


@require_GET
def refused_rows(request: HttpRequest, run: int) -> HttpResponse:
    """The rows with all their columns, and one more that says why."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one = run_of(actor, run)
    file = io.BytesIO()
    refused_file(file, table_of(one).headers, rows_of(one), language=language())
    answer = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slugify(_("left out"))}-{run}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def rows_of(run: ImportRun) -> Iterator[tuple[Row, str]]:
    """The refused rows of a run, each with the reason in words."""
    for one in run.refused.order_by("number").iterator(500):
        yield Row(one.number, tuple(one.values), None, one.raw), in_words(loaded(one.reason))
