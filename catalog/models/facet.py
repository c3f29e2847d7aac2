from django.db import models
from django.utils.translation import gettext_lazy as _


class Facet(models.Model):
    """How a token on cards ("glaze:ash") reads to people. Written by `catalog.services.cards`."""

    token = models.CharField(max_length=140, unique=True)
    name = models.CharField(max_length=60)
    label = models.CharField(max_length=80)
    tile = models.SlugField(max_length=40, blank=True)
    # Where the option and the value stand on the product that brought them here.
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("facet")
        verbose_name_plural = _("facets")

    def __str__(self) -> str:
        return self.token

    @property
    def key(self) -> str:
        return self.token.partition(":")[0]

    @property
    def value(self) -> str:
        return self.token.partition(":")[2]
