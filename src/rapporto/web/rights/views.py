"""The page of the rights of a person: everything as a file, and the way to erasing them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.store.errors import NotFound
from rapporto.web.jobs.views import lead_to
from rapporto.web.links import card_url, personal_data_url
from rapporto.web.reading import Reading, read
from rapporto.web.rights.export_work import begin_person_export
from rapporto.web.rights.seen import is_person


@require_GET
def personal_data(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """What a person may ask for, and where it is done."""
    reading = person_read(request, record, row_id)
    context = {
        "export_url": f"{personal_data_url(record, row_id)}export/",
        "erase_url": f"{personal_data_url(record, row_id)}erase/",
        "title": reading.title,
        "heading": _("Personal data of «{title}»").format(title=reading.title),
        "may_erase": ADMINISTRATOR in reading.actor.roles,
        "back_url": card_url(record, row_id),
    }
    return render(request, "rights.html", context)


@require_POST
def export_person(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """Make the file with everything about a person, behind the pages."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person_read(request, record, row_id)
    return lead_to(request, begin_person_export(actor, record, row_id))


def person_read(request: HttpRequest, record: str, row_id: int) -> Reading:
    """A person whom this actor may see; NotFound for whatever else there is at this address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reading = read(actor, record, row_id)
    if not is_person(reading):
        raise NotFound(record, row_id)
    return reading
