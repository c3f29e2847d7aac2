"""Payment by card, through Stripe."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext as _

from payments.gateways.base import Captured, Outcome, Refunded, Standing, Started, Voided
from payments.gateways.stripe import intents, money, sessions
from payments.gateways.stripe.asked import asked_of
from payments.gateways.stripe.client import asking
from payments.models import Capture, Payment, Refund

# By how Stripe names what a payment began with.
INTENT = "pi_"
CLOCKS_DIFFER_S = 60


class StripeCheckout:
    """On Stripe's hosted page, or at once with a card that was saved there before.

    The shop never sees a card number. Every call carries a key made from our own row, so a retry
    of any kind is answered by Stripe with the first result. All raise GatewayUnreachable.
    """

    code: ClassVar[str] = "card"
    is_online: ClassVar[bool] = True
    sends_first: ClassVar[bool] = False
    patience: ClassVar[dt.timedelta] = dt.timedelta(hours=1)

    @property
    def name(self) -> str:
        return _("Card")

    @property
    def hint(self) -> str:
        return _("You pay on our payment provider's secure page.")

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:
        """Open a page for this payment, or charge the saved card that was chosen.

        Raises Refusal when Stripe opens no page (any more).
        """
        asked = asked_of(payment, return_url=return_url, cancel_url=cancel_url)
        return intents.pay_saved(payment, asked) if asked.card else sessions.start(payment, asked)

    def standing(self, payment: Payment) -> Standing:
        """Ask how it stands. Once an intent is known, it alone tells."""
        reference = payment.charge_ref or payment.provider_ref
        if payment.provider_ref.startswith(INTENT):
            return intents.standing(reference)
        if payment.charge_ref and not payment.is_open:
            return intents.standing_of(reference)
        return sessions.standing(payment.provider_ref)

    def capture(self, capture: Capture) -> Captured:
        if not capture.payment.charge_ref:
            return Captured(Outcome.REFUSED, message=_("Nothing is held."))
        return intents.capture(capture)

    def void(self, payment: Payment) -> Voided:
        if not payment.charge_ref:
            return Voided(Outcome.REFUSED, message=_("Nothing is held."))
        return intents.void(payment)

    def refund(self, refund: Refund) -> Refunded:
        return money.refund(refund)

    def close(self, payment: Payment) -> None:
        """End what is open, so that nobody can pay it any more."""
        if payment.provider_ref.startswith(INTENT):
            intents.cancel(payment.provider_ref)
        else:
            sessions.close(payment)


def find_attempt(payment: Payment) -> str:
    """What Stripe calls an attempt, looked for by our own name; empty when it never heard of it.

    Nothing is begun by it. Raises GatewayUnreachable.
    """
    asked = asked_of(payment, return_url="", cancel_url="")
    since = int(payment.created_at.timestamp()) - CLOCKS_DIFFER_S
    made = {"created": {"gte": since}, "limit": 100}
    with asking() as stripe:
        rows = (
            stripe.v1.payment_intents.list({**made, "customer": asked.customer})  # type: ignore[arg-type]
            if asked.card
            else stripe.v1.checkout.sessions.list(made)  # type: ignore[arg-type]
        )
        own = sessions.own(payment)
        names = (one.id for one in rows.auto_paging_iter() if one.to_dict().get("metadata") == own)
        return next(names, "")
