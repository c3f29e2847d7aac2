"""The accounts the shop books on by itself, and the chart a new shop starts with."""

from enum import StrEnum

from payments.models import LedgerAccount

Kind = LedgerAccount.Kind


class Role(StrEnum):
    """What an account is for. An accountant may renumber and rename accounts; roles stay."""

    BANK = "bank"
    PROVIDER = "provider"  # charged by the card provider, not paid out yet
    CARRIERS = "carriers"  # cash that carriers collected
    TILL = "till"  # taken at the counter, not brought to the bank yet
    MARKETPLACES = "marketplaces"  # collected by marketplaces, not settled yet
    CUSTOMERS = "customers"  # what buyers owe (or have paid ahead, below zero)
    DISPUTED = "disputed"  # taken back by a buyer's bank, not decided yet
    INPUT_TAX = "input_tax"  # on what the shop buys
    STOCK = "stock"
    SUPPLIERS = "suppliers"  # goods that came and bills that are not paid yet
    OUTPUT_TAX = "output_tax"  # on what the shop sells
    CARDS_TO_ISSUE = "cards_to_issue"  # gift cards sold, not issued yet
    GIFT_CARDS = "gift_cards"
    STORE_CREDIT = "store_credit"
    VALUE_HELD = (
        "value_held"  # taken off a card or credit for an order that is not paid in full yet
    )
    OPENING = "opening"
    SALES = "sales"
    DELIVERY_CHARGED = "delivery_charged"
    DISCOUNTS = "discounts"
    CREDITS = "credits"  # given back to buyers: returns, cancellations, goodwill
    VALUE_EXPIRED = "value_expired"
    COST_OF_GOODS = "cost_of_goods"
    STOCK_CHANGES = "stock_changes"  # losses, damage, counts
    PAYMENT_FEES = "payment_fees"
    CHARGE_BACKS = "charge_backs"
    GOODWILL = "goodwill"  # credit that was given or corrected
    EXCHANGE = "exchange"


# role, number, name, kind
CHART: tuple[tuple[Role | None, str, str, str], ...] = (
    (Role.BANK, "1000", "Bank", Kind.ASSET),
    (Role.CARRIERS, "1010", "Cash with carriers", Kind.ASSET),
    (Role.TILL, "1015", "Till", Kind.ASSET),
    (Role.PROVIDER, "1020", "Card payments on their way", Kind.ASSET),
    (Role.MARKETPLACES, "1025", "Money with marketplaces", Kind.ASSET),
    (Role.CUSTOMERS, "1100", "Customers", Kind.ASSET),
    (Role.DISPUTED, "1150", "Disputed payments", Kind.ASSET),
    (Role.STOCK, "1200", "Stock", Kind.ASSET),
    (Role.INPUT_TAX, "1300", "VAT on purchases", Kind.ASSET),
    (Role.SUPPLIERS, "2000", "Suppliers", Kind.LIABILITY),
    (Role.OUTPUT_TAX, "2100", "VAT on sales", Kind.LIABILITY),
    (Role.CARDS_TO_ISSUE, "2190", "Gift cards to be issued", Kind.LIABILITY),
    (Role.GIFT_CARDS, "2200", "Gift cards", Kind.LIABILITY),
    (Role.STORE_CREDIT, "2210", "Store credit", Kind.LIABILITY),
    (Role.VALUE_HELD, "2220", "Cards and credit held for orders", Kind.LIABILITY),
    (Role.OPENING, "3000", "Capital and opening balances", Kind.EQUITY),
    (Role.SALES, "4000", "Sales", Kind.INCOME),
    (Role.DELIVERY_CHARGED, "4010", "Delivery charged", Kind.INCOME),
    (Role.DISCOUNTS, "4080", "Discounts", Kind.INCOME),
    (Role.CREDITS, "4090", "Credited to buyers", Kind.INCOME),
    (Role.VALUE_EXPIRED, "4200", "Expired gift cards and credit", Kind.INCOME),
    (Role.COST_OF_GOODS, "5000", "Cost of goods sold", Kind.EXPENSE),
    (Role.STOCK_CHANGES, "5100", "Stock lost and found", Kind.EXPENSE),
    (Role.PAYMENT_FEES, "5200", "Payment fees", Kind.EXPENSE),
    (Role.CHARGE_BACKS, "5210", "Charge-backs", Kind.EXPENSE),
    (Role.GOODWILL, "5300", "Goodwill and corrections", Kind.EXPENSE),
    (None, "6000", "Postage and carriers", Kind.EXPENSE),
    (None, "6010", "Packaging", Kind.EXPENSE),
    (None, "6100", "Advertising", Kind.EXPENSE),
    (None, "6200", "Rent and rates", Kind.EXPENSE),
    (None, "6210", "Heat, light and firing", Kind.EXPENSE),
    (None, "6300", "Wages", Kind.EXPENSE),
    (None, "6400", "Software and services", Kind.EXPENSE),
    (None, "6500", "Professional fees", Kind.EXPENSE),
    (None, "6900", "Other expenses", Kind.EXPENSE),
    (Role.EXCHANGE, "7000", "Exchange differences", Kind.EXPENSE),
)
