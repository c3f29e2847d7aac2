"""Which step, file or report a page of the staff is asked for, where its address leaves that open."""

from inventory.models import StockItem
from payments.models import LedgerAccount
from shipping.models import Fulfilment


def staff_pages() -> dict[str, dict[str, object]]:
    item = StockItem.objects.select_related("variant").order_by("pk").first()
    parcel = {"pk": Fulfilment.objects.values_list("pk", flat=True).first()}
    account = {"code": LedgerAccount.objects.values_list("code", flat=True).first()}
    sku = {"sku": item.variant.sku}
    papers = ("slip", "parcel_picks", "parcel")
    return {
        "admin:orders_order_step": {"slug": "confirmation"},
        "admin:orders_return_step": {"slug": "approve"},
        "admin:orders_claim_step": {"slug": "accept"},
        "admin:inventory_shortage_decision": {"slug": "patience"},
        "admin:inventory_purchaseorder_step": {"slug": "order"},
        "admin:payments_refund_step": {"slug": "again"},
        "admin:payments_payment_hold": {"verb": "take"},
        "admin:payments_valueaccount_giving": {"slug": "card"},
        "admin:shipping_bulkrun_ask": {"kind": "pack"},
        "analytics:stock_variant": sku,
        "analytics:stock_policy": sku,
        "analytics:stock_report": {"name": "cover"},
        "analytics:stock_csv": {"name": "cover"},
        "analytics:books_account": account,
        "analytics:books_account_csv": account,
        "analytics:books_months_csv": {"name": "profit"},
        "analytics:books_month": {"month": "2026-01"},
        "analytics:panel_csv": {"name": "days"},
        "analytics:tax_csv": {"name": "charged"},
        "inventory:item": {"pk": item.variant_id},
        **{f"shipping:{name}": parcel for name in papers},
    }
