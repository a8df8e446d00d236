"""The area `people` as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the package."""

    name = "rapporto.domain.people"
    label = "people"
