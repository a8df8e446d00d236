"""The addresses of the programs, all below /api/v1/."""

from django.urls import path, re_path

from rapporto.api.changes import changes
from rapporto.api.docs import docs
from rapporto.api.door import door, nothing_here
from rapporto.api.listing import list_records
from rapporto.api.many import bulk
from rapporto.api.one import change, create, read_one, remove
from rapporto.api.openapi import openapi

urlpatterns = [
    path("", docs),
    path("openapi.json", door(GET=openapi)),
    path("changes", door(GET=changes)),
    path("<str:record>", door(GET=list_records, POST=create)),
    path("<str:record>/bulk", door(POST=bulk)),
    path("<str:record>/<str:row>", door(GET=read_one, PATCH=change, DELETE=remove)),
    re_path("", nothing_here),
]
