"""The whole list as a file, as an answer to `export=csv|xlsx` in its own address; a long one becomes a work with a bar."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import BadValue
from rapporto.store.job_files import forget_file, new_file
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.columns import kept_columns, shown_columns
from rapporto.web.grid.export_files import FORMS, file_name, note_export, write_list
from rapporto.web.grid.export_lines import Lines
from rapporto.web.grid.export_work import begin_export
from rapporto.web.jobs.views import TYPES, lead_to

AT_ONCE, AT_ONCE_IN_GROUPS = 10_000, 4_000
"""Rows up to which the file is the answer itself: about a second, two on a busy machine."""


def export(request: HttpRequest, actor: Actor, address: ListAddress, form: str) -> HttpResponseBase:
    """The file of a list, or the page of the work that makes it. A filter that cannot be read is mended first."""
    if form not in FORMS:
        raise BadValue("A list can be exported as CSV or as XLSX; choose one of the two in its menu.")
    if address.errors:
        return redirect(address.text(after="", within=()))
    columns = shown_columns(address, kept_columns(request, address.record))
    lines = Lines(actor, address, columns)
    most = AT_ONCE_IN_GROUPS if address.grouped else AT_ONCE
    if lines.number(most + 1) > most:
        return lead_to(request, begin_export(actor, address, columns, form))
    token, file = new_file()
    forget_file(token)  # it lives on as long as it is open
    note_export(lines, form, write_list(file, lines, form))
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=file_name(address, form), content_type=TYPES[f".{form}"])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
