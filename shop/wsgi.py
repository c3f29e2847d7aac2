import gc
import os

from django.core.wsgi import get_wsgi_application

from shop.lib.translations import remember_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()
remember_words()

# What was imported stays for good: the collector need not look at it again, and processes that
# are forked from here go on sharing it.
gc.collect()
gc.freeze()
# A page makes some thousand things: looking them over after every 700, as is usual, finds nothing
# and costs each page a third of a millisecond.
gc.set_threshold(5_000, 10, 10)
