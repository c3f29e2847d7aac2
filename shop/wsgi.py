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
# A page makes some thousand things at a time and leaves two hundred that only the collector finds:
# looking them all over after every 700, as is usual, costs each page half a millisecond. So far
# apart, a page is done before it is looked at.
gc.set_threshold(15_000, 10, 10)
