from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F, Func

TITLE = Func(F("search"), template="ts_filter(%(expressions)s, '{a}'::\"char\"[])")


def in_market(words):
    return Func(
        words,
        F("market"),
        arg_joiner=" || array_to_tsvector(array['@' || ",
        template="(%(expressions)s::text]))",
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0011_reviews_know_their_writer")]

    operations = [
        AddIndexConcurrently("card", GinIndex(in_market(F("search")), name="card_found")),
        AddIndexConcurrently("card", GinIndex(in_market(TITLE), name="card_named")),
        RemoveIndexConcurrently("card", "card_search"),
    ]
