"""The area `processes` as a Django app."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """See the package."""

    name = "rapporto.domain.processes"
    label = "processes"
