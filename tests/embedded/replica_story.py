"""Read and write as pages do, with a real replica: run by test_replica.py, which reads what is printed."""

import json
import sys

import django

django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.db import OperationalError, connection, connections, transaction  # noqa: E402
from django.http import HttpResponse, StreamingHttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from shop.lib import replica  # noqa: E402

ASK = RequestFactory()


def tell(**facts):
    print(json.dumps(facts), flush=True)  # noqa: T201 — to the test
    sys.stdin.readline()


@replica.from_replica
def count(_request):
    """Where the rows were counted, and how many there were."""
    rows = ContentType.objects.all()
    return HttpResponse(f"{rows.db} {rows.count()}")


@replica.from_replica
def listed(_request):
    return StreamingHttpResponse(ContentType.objects.all().db for _piece in range(2))


@replica.from_replica
def breaks(_request):
    where = ContentType.objects.all().db
    if where == "replica":
        raise OperationalError("the replica went away")
    return HttpResponse(where)


def asked(view, method="GET"):
    answer = view(ASK.generic(method, "/"))
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def add(number):
    ContentType.objects.create(app_label="story", model=str(number))


with connection.schema_editor() as editor:
    editor.create_model(ContentType)
seen = []
for number in range(1, 31):
    add(number)
    seen.append(asked(count))
with transaction.atomic():
    within = asked(count)
tell(seen=seen, within=within, posted=asked(count, "POST"), streamed=asked(listed))

broken, after = asked(breaks), asked(count)
replica._away["until"] = 0
tell(broken=broken, after=after, back=asked(count))

# The replica stands still from here on.
add(31)
tell(behind=asked(count), still=asked(count))

replica._away["until"] = 0
connections["replica"].close()
# It is gone from here on.
tell(gone=asked(count))
