"""The addresses of the pages, the same for every declared record type."""

from django.urls import path, register_converter

from rapporto.web.card.dealing import log_activity
from rapporto.web.card.views import card, history
from rapporto.web.forms.views import change, create, remove, suggest
from rapporto.web.grid.bulk import change_chosen
from rapporto.web.grid.columns import choose_columns
from rapporto.web.grid.search import search_page
from rapporto.web.grid.views import grid
from rapporto.web.imports.views import choose, imported, take_in
from rapporto.web.languages import choose_language
from rapporto.web.paths import RecordConverter
from rapporto.web.registers import first_page, settings_page
from rapporto.web.timeline.views import timeline
from rapporto.web.undo import undo_change_set

register_converter(RecordConverter, "record")

urlpatterns = [
    path("", first_page, name="first_page"),
    path("language/", choose_language, name="set_language"),
    path("search/", search_page, name="search"),
    path("settings/", settings_page, name="settings"),
    path("undo/<int:change_set>/", undo_change_set, name="undo"),
    path("party/<int:row_id>/timeline/", timeline, name="timeline"),
    path("party/<int:row_id>/activity/", log_activity, name="log_activity"),
    path("import/contacts/", choose, name="contacts_import"),
    path("import/contacts/go/", take_in, name="contacts_take_in"),
    path("import/contacts/done/", imported, name="contacts_imported"),
    path("<record:record>/", grid, name="grid"),
    path("<record:record>/columns/", choose_columns, name="choose_columns"),
    path("<record:record>/change/", change_chosen, name="change_chosen"),
    path("<record:record>/suggest/", suggest, name="suggest"),
    path("<record:record>/new/", create, name="create"),
    path("<record:record>/<int:row_id>/", card, name="card"),
    path("<record:record>/<int:row_id>/history/", history, name="history"),
    path("<record:record>/<int:row_id>/edit/", change, name="change"),
    path("<record:record>/<int:row_id>/delete/", remove, name="remove"),
]
