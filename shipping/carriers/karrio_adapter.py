"""USPS, FedEx, UPS and DHL Express in their own formats, built and parsed by karrio."""

import base64
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shipping.carriers.base import Bought, CarrierRefused, News, Quoted, Shipment, Silent
from shipping.carriers.karrio_edge import gateway
from shipping.carriers.karrio_messages import rate_request, shipment_request
from shipping.carriers.karrio_words import news_of

# What karrio calls its own failures: the carrier said nothing that can be understood.
FAILED = "SHIPPING_SDK"
QUIET = ("info", "warning", "note")


class Karrio:
    """One carrier's account. adapter: karrio's name of the carrier; code: ours, for its keys."""

    tracks = True

    def __init__(self, adapter: str, code: str) -> None:
        self.adapter = adapter
        self.code = code

    def quotes(self, shipment: Shipment, /) -> list[Quoted]:
        rates, said = self._ask(
            lambda karrio, door: karrio.Rating.fetch(rate_request(shipment)).from_(door)
        )
        if not rates and said:
            raise _problem(said)
        return [_quoted(rate) for rate in rates or ()]

    def buy(self, shipment: Shipment, /) -> Bought:
        details, said = self._ask(
            lambda karrio, door: karrio.Shipment.create(shipment_request(shipment)).from_(door)
        )
        if details is None:
            raise _problem(said)
        return _bought(details)

    def void(self, *, number: str, reference: str) -> None:
        """Raises CarrierRefused when he knows better; DHL Express bills only what it has scanned."""
        if self.adapter == "dhl_express":
            return
        asked = {"shipment_identifier": reference or number}
        done, said = self._ask(lambda karrio, door: karrio.Shipment.cancel(asked).from_(door))
        if done is None or not done.success:
            raise _problem(said)

    def track(self, numbers: Sequence[str], /) -> Mapping[str, list[News]]:
        asked = {"tracking_numbers": list(numbers)}
        details, said = self._ask(lambda karrio, door: karrio.Tracking.fetch(asked).from_(door))
        if details is None:
            raise _problem(said)
        return {one.tracking_number: news_of(one) for one in details}

    def _ask(self, ask: Callable[[Any, Any], Any]) -> tuple[Any, list[Any]]:
        door = gateway(self.adapter, self.code)
        # Imported here: 0.4 s and 30 MB that only few processes need.
        import karrio.sdk as karrio  # noqa: PLC0415

        answer, said = ask(karrio, door).parse()
        return answer, list(said or [])


def _problem(said: Sequence[Any]) -> Exception:
    """What went wrong, told by a carrier's messages."""
    heavy = [one for one in said if (one.level or "error") not in QUIET] or list(said)
    own = [one for one in heavy if not str(one.code or "").startswith(FAILED)]
    if not own:
        return Silent("; ".join(str(one.message) for one in heavy)[:200])
    words = [" ".join(str(one.message or one.code or "").split()) for one in own]
    return CarrierRefused("; ".join(dict.fromkeys(filter(None, words)))[:280])


def _quoted(rate: Any) -> Quoted:
    amount = Decimal(str(rate.total_charge))
    return Quoted(rate.service or "", amount, rate.currency or "", rate.transit_days)


def _bought(details: Any) -> Bought:
    rate, label = details.selected_rate, getattr(details.docs, "label", None)
    if not details.tracking_number or not label:
        raise Silent("an answer without a number or a label")
    cost = rate.total_charge if rate and rate.total_charge is not None else None
    return Bought(
        tracking_number=details.tracking_number,
        file=base64.b64decode(label),
        provider_ref=details.shipment_identifier or details.tracking_number,
        tracking_url=str((details.meta or {}).get("carrier_tracking_link") or ""),
        cost=Decimal(str(cost)) if cost is not None else None,
        currency=(rate.currency or "") if rate else "",
    )
