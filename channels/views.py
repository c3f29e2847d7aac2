"""Feeds as other services fetch them: packed as they are kept, and only when they are new."""

import datetime as dt
import gzip
from collections.abc import Iterator
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from channels.models import Feed, FeedRun
from channels.services.feeds import ending_of, published
from shop.lib.http import only_reads

KINDS = {"xml": "application/xml; charset=utf-8", "csv": "text/csv; charset=utf-8"}
KEEP = 600  # seconds
CHUNK = 1 << 16


@only_reads
def feed(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """The newest whole file of a published feed."""
    found = Feed.objects.filter(name=name, is_active=True).first()
    run = published(found) if found and ending_of(found) == ending else None
    if run is None:
        raise Http404
    fresh = HttpResponse()
    _say(fresh, run)
    changed_at = int(cast("dt.datetime", run.finished_at).timestamp())
    unchanged = get_conditional_response(
        request, etag=fresh["ETag"], last_modified=changed_at, response=fresh
    )
    if unchanged is not fresh and unchanged is not None:
        return unchanged
    response = _file(request, run, KINDS[ending])
    _say(response, run)
    return response


def _say(response: HttpResponseBase, run: FeedRun) -> None:
    response["ETag"] = f'W/"feed-{run.pk}"'
    response["Last-Modified"] = http_date(cast("dt.datetime", run.finished_at).timestamp())
    response["Cache-Control"] = f"public, max-age={KEEP}"
    response["Vary"] = "Accept-Encoding"


def _file(request: HttpRequest, run: FeedRun, kind: str) -> HttpResponseBase:
    if not run.file.storage.exists(run.file.name or ""):
        raise Http404
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers = {"Content-Encoding": "gzip"}
        return FileResponse(run.file.open("rb"), content_type=kind, headers=headers)
    return StreamingHttpResponse(_unpacked(run), content_type=kind)


def _unpacked(run: FeedRun) -> Iterator[bytes]:
    with run.file.open("rb") as packed, gzip.GzipFile(fileobj=packed) as plain:
        while chunk := plain.read(CHUNK):
            yield chunk
