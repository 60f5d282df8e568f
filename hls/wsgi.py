import gc
import os

from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
application = get_wsgi_application()
# Every view, the tags of templates and the client of Redis, before the workers are forked, so that they share them.
get_resolver().url_patterns  # noqa: B018
engines.all()
caches["default"]
# What is loaded by now stays for good: the collector need not walk it again, nor make each worker a copy of it.
gc.collect()
gc.freeze()
