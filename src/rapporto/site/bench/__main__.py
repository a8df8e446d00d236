"""`python -m rapporto.site.bench FILE`: the part of the preparation that needs the product's own code, in a process of its own."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapporto.site.settings")
django.setup()
# only now: models can be imported once the apps are there
import_module("rapporto.site.bench.cast").prepare(Path(sys.argv[1]))
