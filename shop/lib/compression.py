"""What is sent is sent small: brotli for pages that are kept, gzip for what is one shopper's own."""

import gzip
from functools import lru_cache

import brotli
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# A sixth of the work of brotli's 5, a fifth more bytes: pages still fit into the first ten packets,
# which a server sends without waiting for an answer.
BROTLI, GZIP = 1, 5


class Compression(GZipMiddleware):
    """Django's gzip, of random length against guessing, for all but the pages that are kept."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if getattr(response, "is_public_page", False):
            return response
        return super().process_response(request, response)


@lru_cache(maxsize=256)
def best_of(accepted: str) -> str:
    """What of "br" and "gzip" an Accept-Encoding header takes; "" for neither."""
    taken = set()
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.replace(" ", "").partition(";")
        if weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name)
    return next((one for one in ("br", "gzip") if one in taken), "")


def packed(content: bytes, form: str) -> bytes:
    if form == "gzip":
        return gzip.compress(content, GZIP, mtime=0)
    found: bytes = brotli.compress(content, quality=BROTLI)
    return found


def unpacked(content: bytes) -> bytes:
    """What brotli had packed."""
    found: bytes = brotli.decompress(content)
    return found
