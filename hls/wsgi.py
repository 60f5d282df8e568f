import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
application = get_wsgi_application()
# What is loaded by now stays for good: the collector need not walk it again, nor make each worker a copy of it.
gc.collect()
gc.freeze()
