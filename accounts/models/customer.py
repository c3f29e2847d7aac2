from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class CustomerGroup(models.Model):
    """People who are treated alike: members, trade, press."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Someone the shop knows by e-mail, with what their prices and taxes depend on.

    Whoever signs in as `user` buys as this customer; a guest who types the address does not.
    """

    email = models.EmailField(_("e-mail"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customer",
        verbose_name=_("signs in as"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    is_tax_exempt = models.BooleanField(_("exempt from tax"), default=False)
    exemption = models.CharField(
        _("why exempt"), max_length=120, blank=True, help_text=_("The certificate, and its number.")
    )
    # Approved to pay by invoice, so many days after it; empty: not approved.
    invoice_days = models.PositiveSmallIntegerField(
        _("pays by invoice within days"), null=True, blank=True
    )
    credit_limit = models.DecimalField(
        _("owes at most"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("On invoices together, in the main market's currency; empty: no limit."),
    )
    groups = models.ManyToManyField(
        CustomerGroup, related_name="customers", blank=True, verbose_name=_("groups")
    )
    tags = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("tags"),
        default=list,
        blank=True,
        db_default=[],
    )
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="")
    created_at = models.DateTimeField(_("since"))
    # Name and address are gone; what tax law keeps hangs on an empty record.
    erased_at = models.DateTimeField(_("forgotten"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="customer_email_unique_any_case"),
            models.CheckConstraint(
                condition=models.Q(is_tax_exempt=False) | ~models.Q(exemption=""),
                name="customer_exemption_has_a_reason",
            ),
        ]
        permissions = [
            ("view_as_customer", _("Can see the shop as a customer")),
            ("merge_customer", _("Can merge customers")),
            ("view_personal_data", _("Can see names, addresses and telephone numbers")),
            ("export_personal_data", _("Can take files with personal data")),
        ]

    def __str__(self) -> str:
        return self.name or self.company or self.email
