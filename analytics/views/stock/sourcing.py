"""Where a variant comes from: offers of suppliers and what is ordered, as tables."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.views.books.tables import Cell, Table, day, numbers, words
from analytics.views.figures import count
from analytics.views.stock.shelves import unit_cells
from inventory.models import PurchaseOrderLine, SupplierOffer
from shop.templatetags.shop_text import money


def offers(rows: Iterable[SupplierOffer], *, may_open: bool) -> Table:
    return Table(
        label=_("Offers"),
        columns=[
            *words(_("Supplier"), _("Their SKU")),
            *numbers(_("Unit cost"), _("Pack"), _("Least"), _("Days"), _("Their stock")),
            *words(""),
        ],
        rows=[
            [
                Cell(offer.supplier.name, _supplier_url(offer) if may_open else ""),
                Cell(offer.supplier_sku),
                Cell(_costs(offer), is_number=True),
                *unit_cells([offer.pack_size, offer.minimum]),
                *unit_cells([_days(offer)]),
                Cell(
                    "–" if offer.their_stock is None else count(offer.their_stock), is_number=True
                ),
                Cell(_mark(offer)),
            ]
            for offer in rows
        ],
    )


def _supplier_url(offer: SupplierOffer) -> str:
    return admin_page("supplier", offer.supplier_id)


def _days(offer: SupplierOffer) -> int:
    return offer.supplier.lead_days if offer.lead_days is None else offer.lead_days


def _costs(offer: SupplierOffer) -> str:
    currency = offer.supplier.currency
    rungs = sorted(offer.breaks.all(), key=lambda rung: rung.from_units)
    parts = [money(offer.cost, currency)]
    parts += [f"{rung.from_units}+: {money(rung.cost, currency)}" for rung in rungs]
    return "; ".join(parts)


def _mark(offer: SupplierOffer) -> str:
    if not offer.is_active:
        return _("not offered any more")
    return _("preferred") if offer.is_preferred else ""


def purchases(rows: Iterable[PurchaseOrderLine], *, may_open: bool) -> Table:
    return Table(
        label=_("Purchase orders"),
        columns=[
            *words(_("Number"), _("Supplier"), _("For"), _("Status"), _("Expected")),
            *numbers(_("Ordered"), _("Still to come")),
        ],
        rows=[
            [
                Cell(line.order.number, _purchase_url(line) if may_open else ""),
                Cell(line.order.supplier.name),
                Cell(line.order.location.name),
                Cell(line.order.get_status_display()),
                Cell(day(line.expected_on or line.order.expected_on)),
                *unit_cells([line.quantity, line.outstanding]),
            ]
            for line in rows
        ],
    )


def _purchase_url(line: PurchaseOrderLine) -> str:
    return admin_page("purchaseorder", line.order_id)


def admin_page(model: str, pk: int) -> str:
    return reverse(f"admin:inventory_{model}_change", args=[pk])
