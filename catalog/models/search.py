from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.market import Market


class Word(models.Model):
    """A word as the cards of a market spell it, and how many of them have it.

    Says which words are rare, which are slips of the pen, and how a word that was begun may end.
    Counted anew by `catalog.services.search_words`; losing all rows loses nothing.
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=64)
    # What the market's language makes of it: "mugs" is "mug". Text search compares these.
    stem = models.CharField(max_length=64)
    # Cards with this spelling, and cards with any word of the same stem, anywhere in their text.
    cards = models.PositiveIntegerField(default=0)
    stem_cards = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        constraints = [
            models.UniqueConstraint(fields=["market", "word"], name="word_once_per_market"),
        ]
        indexes = [
            GinIndex(fields=["word"], name="word_trigrams", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["market", "stem"], name="word_stem"),
            models.Index(
                fields=["word"], name="word_beginnings", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.word


class Synonym(models.Model):
    """Words people type that find what other words find."""

    language = models.CharField(_("language"), max_length=10, default="en")
    words = models.CharField(
        _("words"),
        max_length=255,
        help_text=_("With commas between them: sofa, couch, settee."),
    )
    means = models.CharField(
        _("also find"),
        max_length=255,
        blank=True,
        help_text=_("Blank: each of the words finds all the others. Else they also find these."),
    )

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [
            models.UniqueConstraint(fields=["language", "words"], name="synonym_words_once"),
        ]

    def __str__(self) -> str:
        return f"{self.words} → {self.means}" if self.means else self.words


class Unit(models.Model):
    """A unit of measure in its spellings: "500 ml", "50cl" and "0.5 litres" are one measure."""

    symbol = models.CharField(_("symbol"), max_length=20, unique=True)
    spellings = models.CharField(
        _("other spellings"),
        max_length=255,
        blank=True,
        help_text=_("With commas between them: millilitre, millilitres."),
    )
    base = models.CharField(_("base unit"), max_length=20, help_text=_("Such as l for ml."))
    factor = models.DecimalField(
        _("in base units"),
        max_digits=20,
        decimal_places=10,
        help_text=_("How many base units one of this is: 0.001 for ml."),
    )

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(condition=models.Q(factor__gt=0), name="unit_factor_above_zero"),
        ]

    def __str__(self) -> str:
        return self.symbol


class SearchCount(models.Model):
    """How often something was searched for in a market on a day, and what it found. Nobody's name.

    What looks like an address or a number of a person's is never written down.
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    text = models.CharField(_("searched for"), max_length=100)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    # Of the last of them.
    results = models.PositiveIntegerField(_("results"), default=0)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "day", "text"], name="search_count_once_per_day"
            ),
        ]
        indexes = [
            models.Index(fields=["day", "results"], name="search_count_days"),
            models.Index(
                fields=["text"], name="search_count_beginnings", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.text
