from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models.market import Market
from catalog.models.product import Product


def _in_title(words: models.F) -> models.Func:
    return models.Func(words, template="ts_filter(%(expressions)s, '{a}'::\"char\"[])")


def _in_market(words: models.F | models.Func) -> models.Func:
    return models.Func(
        words,
        models.F("market"),
        arg_joiner=" || array_to_tsvector(array['@' || ",
        template="(%(expressions)s::text]))",
    )


class CardQuerySet(models.QuerySet["Card"]):
    def in_market(self, market: Market) -> "CardQuerySet":
        return self.filter(market=market)

    def under(self, url_path: str) -> "CardQuerySet":
        """Cards of a category and of everything below it."""
        return self.filter(categories__contains=[url_path])


class Card(models.Model):
    """A product as lists show it in one market: everything ready in one row, nothing to join.

    Written by `catalog.services.cards`; deleting all cards and building them again loses nothing.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="cards")
    # Found by the lists' own indexes, which begin with it.
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+", db_index=False)
    slug = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=120, blank=True)
    price_from = models.DecimalField(max_digits=14, decimal_places=3)
    price_to = models.DecimalField(max_digits=14, decimal_places=3)
    compare_at = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    # As catalog.queries.pictures.Picture: alt, width, height, src, sources.
    image = models.JSONField(null=True)
    swatches = models.JSONField(default=list)
    rating_avg = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    rating_count = models.PositiveIntegerField(default=0)
    in_stock = models.BooleanField(default=False)
    is_low = models.BooleanField(default=False)
    popularity = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField()
    categories = ArrayField(models.CharField(max_length=255), default=list)
    # "glaze:ash", "size:320-ml": an option and a value, both as slugs.
    facets = ArrayField(models.CharField(max_length=140), default=list)
    collections = ArrayField(models.CharField(max_length=80), default=list)
    # Lowest price of the 30 days before the reduction that `compare_at` announces.
    lowest_30 = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    skus = ArrayField(models.CharField(max_length=64), default=list)
    # SKUs, barcodes and part numbers without punctuation, as people may type them.
    identifiers = ArrayField(models.CharField(max_length=64), default=list)
    # How title, brand, shelves and tags spell their words, in plain letters.
    words = ArrayField(models.CharField(max_length=64), default=list)
    search = SearchVectorField(null=True)
    # How much the card is about each of its stems, from 0 up: {"mug": 2.4}. Search ranks by it.
    impacts = models.JSONField(default=dict)
    # Of everything the card was made from: a card that would come out the same is left alone.
    digest = models.CharField(max_length=32, default="")

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            models.UniqueConstraint(fields=["product", "market"], name="card_one_per_market"),
        ]
        indexes = [
            GinIndex(fields=["categories"], name="card_categories"),
            GinIndex(fields=["facets"], name="card_facets"),
            GinIndex(fields=["collections"], name="card_collections"),
            GinIndex(fields=["skus"], name="card_skus"),
            GinIndex(fields=["identifiers"], name="card_identifiers"),
            # What a card is found by, and by its title alone: words and the market in one vector,
            # so that no other market's cards are looked at.
            GinIndex(_in_market(models.F("search")), name="card_found"),
            GinIndex(_in_market(_in_title(models.F("search"))), name="card_named"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="card_title_trigrams"),
            # In the order lists show them, so that a page reads its 24 rows and stops.
            models.Index(fields=["market", "-in_stock", "-popularity", "id"], name="card_popular"),
            models.Index(fields=["market", "-in_stock", "-published_at", "id"], name="card_newest"),
            models.Index(fields=["market", "-in_stock", "price_from", "id"], name="card_cheapest"),
            models.Index(fields=["market", "-in_stock", "-price_from", "id"], name="card_dearest"),
        ]

    def __str__(self) -> str:
        return self.title
