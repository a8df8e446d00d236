"""The addresses of the settings."""

from django.urls import path, register_converter

from rapporto.web.settings.access_log import access_log
from rapporto.web.settings.account import account
from rapporto.web.settings.consents import check_page, consents_page, look_at_terms
from rapporto.web.settings.erasures import erasure_list, erasure_page
from rapporto.web.settings.field_list import fields_of, first_type, new
from rapporto.web.settings.field_page import become, change_values, field_page, take_away
from rapporto.web.settings.home import settings_page
from rapporto.web.settings.hooks import act_on_hook, event_again, hook_page, new_hook
from rapporto.web.settings.lists import all_lists, list_page
from rapporto.web.settings.paths import FieldedConverter
from rapporto.web.settings.programs import end_token, new_token, programs
from rapporto.web.settings.role_views import views_by_role
from rapporto.web.settings.roles import roles_page
from rapporto.web.settings.second_step import second_step
from rapporto.web.settings.territories import territory_list, territory_page
from rapporto.web.settings.user_page import close_access, let_in, user_page
from rapporto.web.settings.users import invite, user_list

register_converter(FieldedConverter, "fielded")

urlpatterns = [
    path("", settings_page, name="settings"),
    path("fields/", first_type, name="settings_fields"),
    path("fields/<fielded:name>/", fields_of, name="settings_fields_of"),
    path("fields/<fielded:name>/new/", new, name="settings_new_field"),
    path("field/<int:user_field>/", field_page, name="settings_field"),
    path("field/<int:user_field>/take-away/", take_away, name="settings_take_away"),
    path("field/<int:user_field>/become/", become, name="settings_become"),
    path("field/<int:user_field>/values/", change_values, name="settings_values"),
    path("users/", user_list, name="settings_users"),
    path("users/invite/", invite, name="settings_invite"),
    path("users/<int:user>/", user_page, name="settings_user"),
    path("users/<int:user>/sign-in/", let_in, name="settings_let_in"),
    path("users/<int:user>/close/", close_access, name="settings_close_access"),
    path("roles/", roles_page, name="settings_roles"),
    path("roles/second-step/", second_step, name="settings_second_step"),
    path("territories/", territory_list, name="settings_territories"),
    path("territories/<int:territory>/", territory_page, name="settings_territory"),
    path("lists/", all_lists, name="settings_lists"),
    path("lists/<str:name>/", list_page, name="settings_list"),
    path("consents/", consents_page, name="settings_consents"),
    path("consents/check/", check_page, name="settings_check"),
    path("consents/terms/", look_at_terms, name="settings_terms"),
    path("views/", views_by_role, name="settings_views"),
    path("programs/", programs, name="settings_programs"),
    path("programs/token/new/", new_token, name="settings_new_token"),
    path("programs/token/<int:api_token>/end/", end_token, name="settings_end_token"),
    path("programs/webhook/new/", new_hook, name="settings_new_hook"),
    path("programs/webhook/<int:webhook>/", hook_page, name="settings_hook"),
    path("programs/webhook/<int:webhook>/act/", act_on_hook, name="settings_act_on_hook"),
    path("programs/event/<int:event>/again/", event_again, name="settings_event_again"),
    path("account/", account, name="settings_account"),
    path("access/", access_log, name="settings_access"),
    path("erasures/", erasure_list, name="settings_erasures"),
    path("erasures/<int:pk>/", erasure_page, name="settings_erasure"),
]
