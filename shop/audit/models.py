from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing somebody of the staff wrote, read in bulk, took away or tried. Never changed.

    Rows of writes come from a trigger on every table, so no code can forget them.
    """

    class Kind(models.TextChoices):
        WRITE = "write", _("Change")
        READ = "read", _("Personal data read")
        EXPORT = "export", _("Export taken")
        DOOR = "door", _("Sign-in and keys")
        VIEW_AS = "view_as", _("Seen as a customer")
        ERASE = "erase", _("Erased")

    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    # Stays when the account is gone.
    actor_name = models.CharField(_("name"), max_length=254, blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    # "insert", "update" or "delete" of a row; for the rest a word: "orders.csv".
    act = models.CharField(_("act"), max_length=80)
    # The table, and the row's key: one thing's whole story is found by both.
    table = models.CharField(_("table"), max_length=80, blank=True)
    row = models.CharField(_("row"), max_length=80, blank=True)
    # Only what changed; whole rows when they come or go. Never passwords or secrets.
    before = models.JSONField(_("before"), null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), null=True, blank=True, encoder=DjangoJSONEncoder)
    # How many rows of people were read or taken.
    count = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    path = models.CharField(_("page"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)
        permissions = [("view_health", _("Can see how the shop's machines are"))]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["table", "row", "-id"], name="audit_of_row"),
            models.Index(fields=["actor", "-id"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.table} {self.row}".strip()
