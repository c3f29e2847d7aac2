"""Who may be in the books twice: records with something in common that people rarely share."""

from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer

MOST = 100
# Each gives at most so many pairs of ids, the older record first. A mailbox is the same with dots or a tag in it.
RULES: tuple[tuple[Promise, str], ...] = (
    (
        _("VAT number"),
        """
        select min(id), max(id) from accounts_customer
        where vat_number <> '' and erased_at is null
        group by vat_number having count(*) > 1
        order by 1 limit %s
        """,
    ),
    (
        _("mailbox, written otherwise"),
        """
        select min(id), max(id) from accounts_customer where erased_at is null
        group by replace(split_part(split_part(lower(email), '@', 1), '+', 1), '.', ''),
                 split_part(lower(email), '@', 2)
        having count(*) > 1
        order by 1 limit %s
        """,
    ),
    (
        _("name and address"),
        """
        select min(c.id), max(c.id)
        from accounts_address a join accounts_customer c on c.id = a.customer_id
        where c.erased_at is null
        group by lower(a.name), lower(a.line1), a.postcode, a.country
        having count(distinct c.id) > 1
        order by 1 limit %s
        """,
    ),
    (
        _("name and address of an order"),
        """
        select min(customer_id), max(customer_id) from orders_order
        where customer_id is not null and line1 <> '' and erased_at is null
        group by lower(name), lower(line1), postcode, country
        having count(distinct customer_id) > 1
        order by 1 limit %s
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and what they have in common."""

    first: Customer
    second: Customer
    why: Promise


def probable_duplicates() -> list[Pair]:
    """At most MOST pairs, each once, for the strongest reason."""
    found: dict[tuple[int, int], Promise] = {}
    with connection.cursor() as cursor:
        for why, sql in RULES:
            cursor.execute(sql, [MOST])
            for first, second in cursor.fetchall():
                found.setdefault((first, second), why)
    wanted = list(found.items())[:MOST]
    people = Customer.objects.in_bulk({pk for pair, _why in wanted for pk in pair})
    return [Pair(people[one], people[other], why) for (one, other), why in wanted]
