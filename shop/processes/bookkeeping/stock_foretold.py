"""What must hold of what the shop expects to sell, and of what it suggests to buy."""

from shop.processes.bookkeeping.promises import Invariant, Level

STOCK_FORETOLD = (
    Invariant(
        "forecasts.demand",
        "No more was sold in promotions in a week than was sold in it at all.",
        """
        select variant_id, week_on, units, promoted from inventory_demandweek where promoted > units
        """,
    ),
    Invariant(
        "forecasts.current",
        "The forecasts that count were made together.",
        """
        select made_on, count(*) as forecasts from inventory_forecast
        where is_current and (
            select count(distinct made_on) from inventory_forecast where is_current
        ) > 1
        group by made_on
        """,
    ),
    Invariant(
        "purchases.suggested",
        "A variant is suggested for one order at a time.",
        """
        select l.variant_id, count(distinct o.id) as orders
        from inventory_purchaseorderline l join inventory_purchaseorder o on o.id = l.order_id
        where o.status = 'draft' and o.is_suggested
        group by l.variant_id having count(distinct o.id) > 1
        """,
        Level.WARNING,
    ),
)
