"""The pages of an import: choose a file, what was found in it, what its columns mean, the trial, the import, what came of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.undo import undoable
from rapporto.store.imports.models import ImportRun, RefusedRow
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import Asking, begin, proposed, remembered_mode, run_of, source_named
from rapporto.store.jobs import loaded
from rapporto.store.jobs_models import Job
from rapporto.store.messages import in_words
from rapporto.store.records import find
from rapporto.store.transfer.opened import Unreadable, open_table
from rapporto.web.asked import aims_at
from rapporto.web.imports.columns import apply, columns_page, look_page, read_again
from rapporto.web.imports.figures import figures_of
from rapporto.web.imports.files import forget_file, keep_file, place_of
from rapporto.web.imports.work import TRIAL, go_on, take_in, try_out
from rapporto.web.jobs.sign import follow
from rapporto.web.jobs.views import lead_to
from rapporto.web.links import grid_url, undo_url
from rapporto.web.toasts import Toast, keep

MAX_BYTES = 2 * 1024**3
NO_FILE = Message("Choose the file first, or paste the rows.")
TOO_LARGE = Message("The file has {size} MB; {limit} MB at most can be read. Split it in parts.")
NOT_YOURS = "Your role does not add records here; ask an administrator."
PASTED = "incollato.csv"


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file or paste rows; what was found in it follows."""
    actor = _actor(request)
    record = (request.POST or request.GET).get("record", "party")
    if record not in importable(actor):
        raise Refused(NOT_YOURS)
    if request.method != "POST":
        return _page(request, actor, record)
    sent, pasted = request.FILES.get("file"), request.POST.get("pasted", "")
    if sent is None and not pasted.strip():
        return _page(request, actor, record, NO_FILE)
    if sent is not None and (sent.size or 0) > MAX_BYTES:
        size = {"size": (sent.size or 0) // 1024**2, "limit": MAX_BYTES // 1024**2}
        return _page(request, actor, record, Message(TOO_LARGE.text, size))
    token = keep_file(sent.chunks() if sent is not None else (pasted.encode(),))
    name = str(sent.name or "")[:200] if sent is not None else PASTED
    return _found(request, actor, record, token, name)


def _found(request: HttpRequest, actor: Actor, record: str, token: str, name: str) -> HttpResponse:
    """Look into the file; its run begins with what was remembered of the source."""
    place = place_of(token)
    assert place is not None
    try:
        source = source_named(
            actor, request.POST.get("source", "").strip() or _("Files of {name}").format(name=actor.name)
        )
        shape = shape_of(record)
        table = open_table(place, name)
    except Unreadable as wrong:
        forget_file(token)
        return _page(request, actor, record, wrong.message)
    except Invalid as wrong:
        forget_file(token)
        return _page(request, actor, record, next(iter(wrong.errors.values())))
    columns = proposed(actor, source, shape, table.headers)
    settings, mode = table.settings.to_json(), remembered_mode(source, shape)
    run = begin(actor, source, shape, Asking(name, token, columns, mode, True, settings, table.estimated))
    return redirect("import_columns", run.pk)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, run: int) -> HttpResponse:
    """What was found in the file and what its columns mean; sent back it is tried out, or looked at again."""
    actor, one = _run(request, run)
    if request.method == "POST":
        changed = apply(one, request.POST)
        if changed and (why := read_again(actor, one)) is not None:
            keep(request, Toast(why, error=True))
        if "try" in request.POST and not changed:
            return lead_to(request, try_out(actor, one))
        if not aims_at(request, "div#import-look"):
            return redirect("import_columns", one.pk)
        return look_page(request, actor, one)
    return columns_page(request, actor, one)


@require_GET
def tried(request: HttpRequest, run: int) -> HttpResponse:
    """What an import would do."""
    _, one = _run(request, run)
    job = Job.objects.filter(pk=one.job_id or 0, kind=TRIAL, state=Job.DONE).first()
    if job is None or not one.ended:
        return redirect("import_columns", one.pk)
    adds = any(name.startswith(("made.", "changed.")) for name in one.counts)
    lines = job.details.get("lines", [])
    context = {
        "run": one, "step": 3, "figures": figures_of(one), "adds": adds, "lines": lines, "file_job": job.pk,
        "more": max(sum(n for name, n in one.counts.items() if name.startswith(("made.", "changed."))) - len(lines), 0),
    }  # fmt: skip
    return render(request, "import_tried.html", context)


@require_POST
def go(request: HttpRequest, run: int) -> HttpResponseRedirect:
    """Import what was tried, or go on with what was stopped."""
    actor, one = _run(request, run)
    if one.dry:
        imported = take_in(actor, one)
        follow(request, Job.objects.get(pk=imported.job_id or 0))
        return redirect("job", imported.job_id or 0)
    if one.ended:
        return redirect("import_done", one.pk)
    return lead_to(request, go_on(actor, one))


@require_GET
def done(request: HttpRequest, run: int) -> HttpResponse:
    """What an import did, with the way back; of one that was stopped, the way on."""
    actor, one = _run(request, run)
    context = {
        "run": one,
        "step": 4,
        "figures": figures_of(one),
        "undo_url": undo_url(one.change_set_id) if one.change_set_id and undoable(actor, one.change_set_id) else "",
        "list_url": grid_url(one.shape),
        "refused": [_refused(row) for row in one.refused.order_by("number")[:100]],
    }
    return render(request, "import_done.html", context)


def _refused(row: RefusedRow) -> dict[str, Any]:
    cells = [str(cell) for cell in row.values if cell not in (None, "")]
    return {"number": row.number, "words": in_words(loaded(row.reason)), "text": " · ".join(cells)}


def importable(actor: Actor) -> dict[str, Any]:
    """What this person may bring in, parties first: the name of each type with what it is called."""
    names = [name for name, one in DECLARED.items() if one.record.changeable(actor) != NOTHING and name not in _NEVER]
    ordered = sorted(names, key=lambda name: (name != "party", not DECLARED[name].record.place))
    return {name: shape_of(name).label for name in ordered}


_NEVER = frozenset(("import_source", "imported", "merged", "merged_value", "user"))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _run(request: HttpRequest, run: int) -> tuple[Actor, ImportRun]:
    actor = _actor(request)
    return actor, run_of(actor, run)


def _page(request: HttpRequest, actor: Actor, record: str, wrong: Message | None = None) -> HttpResponse:
    known = set(find(actor, "import_source").values_list("name", flat=True))
    context = {
        "step": 1,
        "record": record,
        "records": importable(actor).items(),
        "sources": sorted(known),
        "source": request.POST.get("source", ""),
        "pasted": request.POST.get("pasted", ""),
        "error": in_words(wrong) if wrong else "",
        "runs": ImportRun.objects.filter(user_id=actor.user_id or 0, dry=False)
        .order_by("-pk")
        .select_related("source")[:8],
    }
    return render(request, "import.html", context, status=422 if wrong else 200)
