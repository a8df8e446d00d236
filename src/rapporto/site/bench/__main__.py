"""`python -m rapporto.site.bench PART FILE`: a part that needs the product's own code, in a process of its own."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapporto.site.settings")
django.setup()
# only now: models can be imported once the apps are there
import_module(f"rapporto.site.bench.{sys.argv[1]}").prepare(Path(sys.argv[2]))
