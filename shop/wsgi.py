import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()

# What was imported stays for good: the collector need not look at it again, and processes that
# are forked from here go on sharing it.
gc.collect()
gc.freeze()
