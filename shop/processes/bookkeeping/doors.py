"""What must hold of how people sign in."""

from shop.processes.bookkeeping.promises import Invariant

DOORS = (
    Invariant(
        "doors.addresses",
        "The first address of an account is the one it signs in with.",
        """
        select u.id as person, a.id as address
        from account_emailaddress a join accounts_user u on u.id = a.user_id
        where a."primary" and lower(a.email) <> lower(u.email)
        """,
    ),
    Invariant(
        "doors.recovery",
        "Recovery codes stand beside a factor they can recover.",
        """
        select r.user_id as person
        from mfa_authenticator r
        where r.type = 'recovery_codes' and not exists (
            select from mfa_authenticator f
            where f.user_id = r.user_id and f.type in ('totp', 'webauthn')
        )
        """,
    ),
    Invariant(
        "doors.sealed",
        "What a code is made from lies sealed.",
        """
        select id as factor, type
        from mfa_authenticator
        where type in ('totp', 'recovery_codes')
          and left(coalesce(data ->> 'secret', data ->> 'seed', ''), 5) <> 'gAAAA'
        """,
    ),
)
