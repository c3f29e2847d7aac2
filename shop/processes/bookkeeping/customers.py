"""What must hold of customers' records: address books, visits, consent."""

from shop.processes.bookkeeping.promises import Invariant

CUSTOMERS = (
    Invariant(
        "customers.default",
        "Somebody with addresses has exactly one that is filled in.",
        """
        select customer_id as customer, count(*) as addresses from accounts_address
        group by customer_id having count(*) filter (where is_default) <> 1
        """,
    ),
    Invariant(
        "customers.visits",
        "Visits are kept of those alone who agree to it now.",
        """
        select v.customer_id as customer, count(*) as visits
        from (select distinct customer_id from accounts_visit) who
        join accounts_visit v on v.customer_id = who.customer_id
        join accounts_customer c on c.id = who.customer_id
        where not coalesce((
            select a.is_given from accounts_consent a
            where a.purpose = 'visits'
              and (a.customer_id = c.id or (a.customer_id is null and a.email = lower(c.email)))
            order by a.at desc, a.id desc limit 1
        ), false)
        group by v.customer_id
        """,
    ),
    Invariant(
        "customers.logins",
        "A login that has bought as a customer is a customer's, not staff's.",
        """
        select c.id as customer, c.user_id as login from accounts_customer c
        join accounts_user u on u.id = c.user_id where u.is_staff or u.is_superuser
        """,
    ),
)
