from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.supplier import Supplier
from shop.lib.secrets import SecretField


class Location(models.Model):
    """A place that holds stock: a warehouse, a shop counter, a supplier who sends for us."""

    class Kind(models.TextChoices):
        WAREHOUSE = "warehouse", _("Warehouse")
        SHOP = "shop", _("Shop")
        PARTNER = "partner", _("Supplier or logistics partner")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.WAREHOUSE,
        db_default=Kind.WAREHOUSE,
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Orders are sent from the first one that can.")
    )
    line1 = models.CharField(_("address"), max_length=120, blank=True, db_default="")
    city = models.CharField(_("town or city"), max_length=80, blank=True, db_default="")
    postcode = models.CharField(_("postcode"), max_length=16, blank=True, db_default="")
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        db_default="",
        help_text=_("With the postcode, it says which location is nearest to a buyer."),
    )
    # A partner who sends for us, and how he is told.
    supplier = models.ForeignKey(
        Supplier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
        verbose_name=_("run by"),
    )
    email = models.EmailField(_("e-mail for orders"), blank=True, db_default="")
    webhook_url = models.URLField(
        _("address to call for orders"), max_length=300, blank=True, db_default=""
    )
    secret = SecretField(_("shared secret"), blank=True, db_default="", editable=False)
    # Goods here are promised to web orders. Off: they are counted, but never promised.
    sends_orders = models.BooleanField(_("sends web orders"), default=True, db_default=True)
    # Click and collect: buyers fetch their orders here.
    offers_collection = models.BooleanField(
        _("orders can be collected"), default=False, db_default=False
    )
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True, db_default="")
    is_active = models.BooleanField(_("in use"), default=True, db_default=True)
    # Whoever is named at any location sees and moves the stock of theirs alone.
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="works_at",
        blank=True,
        verbose_name=_("staff"),
        help_text=_("People who work here only. Whoever is named nowhere works everywhere."),
    )

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="partner") | Q(supplier__isnull=False),
                name="location_partner_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Bin(models.Model):
    """A shelf, drawer or pallet place in a location. Walks and count sheets go by position."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="bins")
    code = models.CharField(_("code"), max_length=20)
    position = models.PositiveIntegerField(_("place in the walk"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("bin")
        verbose_name_plural = _("bins")
        constraints = [
            models.UniqueConstraint(fields=["location", "code"], name="bin_once_per_location"),
            models.CheckConstraint(condition=~Q(code=""), name="bin_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Routing(models.Model):
    """How an order's goods are spread over locations. One row."""

    class Strategy(models.TextChoices):
        PRIORITY = "priority", _("By the order of locations")
        NEAREST = "nearest", _("From the location nearest to the buyer")
        FEWEST_PARCELS = "fewest_parcels", _("In as few parcels as possible")

    strategy = models.CharField(
        _("strategy"), max_length=20, choices=Strategy, default=Strategy.FEWEST_PARCELS
    )

    class Meta:
        verbose_name = _("routing")
        verbose_name_plural = _("routing")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="routing_one_row"),
        ]

    def __str__(self) -> str:
        return self.get_strategy_display()
