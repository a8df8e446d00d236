"""The entry point for web servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapporto.site.settings")

application = get_wsgi_application()

# What was loaded stays for good: the collector need not walk it again, nor run every few hundred objects of a page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
