"""The addresses of the pages, the same for every declared record type."""

from django.urls import include, path, register_converter

from rapporto.web.card.consent_page import party_consents
from rapporto.web.card.dealing import log_activity
from rapporto.web.card.org_change import change_chart
from rapporto.web.card.org_chart import org_chart, org_post
from rapporto.web.card.profile import profile
from rapporto.web.card.views import card, history
from rapporto.web.changes.views import changes
from rapporto.web.commands.views import keys
from rapporto.web.duplicates.quality import quality
from rapporto.web.duplicates.several import sure_ones
from rapporto.web.duplicates.views import decide, duplicates
from rapporto.web.duplicates.views import search as search_duplicates
from rapporto.web.first.choices import load_demo, welcome
from rapporto.web.first.door import first_page_of_all
from rapporto.web.first.leaving import leave
from rapporto.web.forms.hints.note import note_hints
from rapporto.web.forms.hints.views import hints
from rapporto.web.forms.views import change, create, remove, suggest
from rapporto.web.grid.again import rows_again
from rapporto.web.grid.bulk import change_chosen, chosen_rows, delete_chosen
from rapporto.web.grid.cell import cell
from rapporto.web.grid.column_choice import choose_columns
from rapporto.web.grid.paste import paste
from rapporto.web.grid.search import search_page
from rapporto.web.grid.view_acts import saved_views
from rapporto.web.grid.views import grid
from rapporto.web.held import held
from rapporto.web.imports.refused import refused_rows
from rapporto.web.imports.views import choose, columns, done, go, tried
from rapporto.web.jobs.views import job_file, job_list, job_page, stop_job
from rapporto.web.languages import choose_language
from rapporto.web.merge.parting import part_again
from rapporto.web.merge.views import merge_page
from rapporto.web.palette.views import palette
from rapporto.web.paths import RecordConverter
from rapporto.web.preferences.views import one_click, preferences
from rapporto.web.registers import first_page
from rapporto.web.rights.erasing import erase_person
from rapporto.web.rights.views import export_person, personal_data
from rapporto.web.timeline.views import timeline
from rapporto.web.undo import undo_change_set
from rapporto.web.undo_preview import undo_preview

register_converter(RecordConverter, "record")

PARTY = {"record": "party"}

urlpatterns = [
    path("", first_page, name="first_page"),
    path("first/<str:key>/", first_page_of_all, name="first_administrator"),
    path("welcome/", welcome, name="welcome"),
    path("welcome/demo/", load_demo, name="load_demo"),
    path("demo/", leave, name="leave_demo"),
    path("language/", choose_language, name="set_language"),
    path("held/", held, name="held"),
    path("search/", search_page, name="search"),
    path("palette/", palette, name="palette"),
    path("keys/", keys, name="keys"),
    path("p/<str:token>/", preferences, name="preferences"),
    path("p/<str:token>/unsubscribe/", one_click, name="one_click"),
    path("settings/", include("rapporto.web.settings.urls")),
    path("changes/", changes, name="changes"),
    path("undo/<int:change_set>/", undo_change_set, name="undo"),
    path("undo/<int:change_set>/preview/", undo_preview, name="undo_preview"),
    path("duplicates/", duplicates, name="duplicates"),
    path("duplicates/<int:pair>/", decide, name="decide_duplicates"),
    path("duplicates/sure/", sure_ones, name="duplicates_sure"),
    path("duplicates/search/", search_duplicates, name="search_duplicates"),
    path("duplicates/quality/", quality, name="duplicates_quality"),
    path("jobs/", job_list, name="jobs"),
    path("jobs/<int:job>/", job_page, name="job"),
    path("jobs/<int:job>/stop/", stop_job, name="job_stop"),
    path("jobs/<int:job>/file/", job_file, name="job_file"),
    path("party/<int:row_id>/timeline/", timeline, name="timeline"),
    path("party/<int:row_id>/profile/", profile, name="profile"),
    path("party/<int:row_id>/consents/", party_consents, name="party_consents"),
    path("party/<int:row_id>/org-chart/", org_chart, name="org_chart"),
    path("party/<int:row_id>/org-chart/change/", change_chart, name="change_chart"),
    path("party/<int:row_id>/org-chart/<int:post>/", org_post, name="org_post"),
    path("party/<int:row_id>/activity/", log_activity, name="log_activity"),
    path("party/<int:row_id>/activity/hints/", note_hints, name="note_hints"),
    path("party/<int:row_id>/personal-data/", personal_data, PARTY, name="personal_data"),
    path("party/<int:row_id>/personal-data/export/", export_person, PARTY, name="export_person"),
    path("party/<int:row_id>/personal-data/erase/", erase_person, PARTY, name="erase_person"),
    path("import/", choose, name="import"),
    path("import/<int:run>/", columns, name="import_columns"),
    path("import/<int:run>/tried/", tried, name="import_tried"),
    path("import/<int:run>/go/", go, name="import_go"),
    path("import/<int:run>/done/", done, name="import_done"),
    path("import/<int:run>/refused/", refused_rows, name="import_refused"),
    path("merged/<int:merged>/part/", part_again, name="part_again"),
    path("<record:record>/", grid, name="grid"),
    path("<record:record>/columns/", choose_columns, name="choose_columns"),
    path("<record:record>/views/", saved_views, name="saved_views"),
    path("<record:record>/change/", change_chosen, name="change_chosen"),
    path("<record:record>/change/delete/", delete_chosen, name="delete_chosen"),
    path("<record:record>/chosen/", chosen_rows, name="chosen_rows"),
    path("<record:record>/paste/", paste, name="paste"),
    path("<record:record>/rows/", rows_again, name="rows_again"),
    path("<record:record>/suggest/", suggest, name="suggest"),
    path("<record:record>/hints/", hints, name="hints"),
    path("<record:record>/merge/", merge_page, name="merge"),
    path("<record:record>/new/", create, name="create"),
    path("<record:record>/<int:row_id>/", card, name="card"),
    path("<record:record>/<int:row_id>/cell/<str:name>/", cell, name="cell"),
    path("<record:record>/<int:row_id>/history/", history, name="history"),
    path("<record:record>/<int:row_id>/edit/", change, name="change"),
    path("<record:record>/<int:row_id>/delete/", remove, name="remove"),
]
