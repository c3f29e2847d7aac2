"""What must hold of people's own data: who was forgotten is forgotten, who asked is answered."""

from shop.processes.bookkeeping.promises import Invariant, Level

PRIVACY = (
    Invariant(
        "privacy.people",
        "Of somebody who was forgotten no name, address or login is left.",
        """
        select c.id as customer from accounts_customer c
        where c.erased_at is not null and (
            c.email not like 'forgotten-%%@forgotten.invalid' or c.name <> '' or c.company <> ''
            or c.user_id is not null
            or exists (select from accounts_address a where a.customer_id = c.id)
            or exists (select from accounts_visit v where v.customer_id = c.id)
            or exists (select from accounts_customernote n where n.customer_id = c.id)
            or exists (select from payments_savedcard s where s.customer_id = c.id)
        )
        """,
    ),
    Invariant(
        "privacy.orders",
        "A forgotten order says what was sold into which country, and not to whom.",
        """
        select o.number as "order" from orders_order o
        where o.erased_at is not null and (
            o.email <> '' or o.name <> '' or o.line1 <> '' or o.line2 <> '' or o.city <> ''
            or o.phone <> '' or o.company <> '' or o.gift_note <> '' or o.ip is not null
            or length(o.postcode) > 2
        )
        """,
    ),
    Invariant(
        "privacy.requests",
        "A request that is over keeps no address of whoever was forgotten, and no file too long.",
        """
        select r.number as request, r.state from accounts_privacyrequest r
        where (r.kind = 'erase' and r.state = 'done' and (r.email <> '' or r.file <> ''))
           or (r.state = 'expired' and r.email <> '')
           or (r.file <> '' and r.expires_at < %(now)s::timestamptz - interval '2 days')
        """,
    ),
    Invariant(
        "privacy.waiting",
        "Whoever has proved a request is answered within an hour.",
        """
        select r.number as request, r.kind, r.proved_at from accounts_privacyrequest r
        where r.state in ('proved', 'working')
          and r.proved_at < %(now)s::timestamptz - interval '1 hour'
        """,
        Level.WARNING,
    ),
    Invariant(
        "privacy.consents",
        "A consent was given to words about the same purpose.",
        """
        select c.id as consent, c.purpose, t.purpose as words
        from accounts_consent c join accounts_consenttext t on t.id = c.text_id
        where c.purpose <> t.purpose
        """,
    ),
    Invariant(
        "privacy.visits",
        "Visits are kept of those alone who agreed to it last.",
        """
        select v.customer_id as customer from accounts_visit v
        left join lateral (
            select is_given from accounts_consent c
            where c.customer_id = v.customer_id and c.purpose = 'visits'
            order by c.at desc, c.id desc limit 1
        ) c on true
        where c.is_given is not true
        """,
    ),
    Invariant(
        "privacy.policies",
        "The terms of an order are among the texts it was placed by.",
        """
        select o.number as "order" from orders_order o
        where o.terms_id is not null
          and exists (select from orders_order_policies p where p.order_id = o.id)
          and not exists (
              select from orders_order_policies p
              where p.order_id = o.id and p.policyversion_id = o.terms_id
          )
        """,
    ),
    Invariant(
        "privacy.retention",
        "What is to be forgotten is looked for every night, without trouble.",
        """
        select r.kind, l.at as last_run, l.error from accounts_retentionrule r
        join lateral (
            select at, error from accounts_retentionrun n
            where n.rule_id = r.id order by n.at desc, n.id desc limit 1
        ) l on true
        where r.is_on and (l.error <> '' or l.at < %(now)s::timestamptz - interval '3 days')
        """,
        Level.WARNING,
    ),
)
