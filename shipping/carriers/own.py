"""Our own labels: printed here, numbered by us, always there. Their price is the table's."""

from collections.abc import Mapping, Sequence

from shipping.carriers.base import Bought, News, Quoted, Shipment, Silent
from shop.lib.barcodes import code128
from shop.lib.paper import NotPrinted, printed


class Own:
    """Needs nobody. What becomes of its parcels, staff or a driver's app tell."""

    tracks = False

    def quotes(self, _shipment: Shipment, /) -> list[Quoted]:
        """None: the table of rates is asked."""
        return []

    def buy(self, shipment: Shipment, /) -> Bought:
        number = shipment.reference
        try:
            page = printed("label.typ", label_page(shipment, number))
        except NotPrinted as failure:
            raise Silent from failure
        return Bought(tracking_number=number, file=page, provider_ref=number)

    def void(self, *, number: str, reference: str) -> None:
        """Nobody has to be told."""

    def track(self, _numbers: Sequence[str], /) -> Mapping[str, list[News]]:
        return {}


def label_page(shipment: Shipment, number: str) -> dict[str, object]:
    """What templates/documents/label.typ prints."""
    grams = sum(package.grams for package in shipment.packages)
    return {
        "number": number,
        "bars": code128(number),
        "sender": [*shipment.sender.lines, shipment.sender.country],
        "receiver": shipment.receiver.lines,
        "country": shipment.receiver.country,
        "phone": shipment.receiver.phone,
        "service": shipment.words,
        "weight": f"{grams / 1000:.2f} kg" if grams else "",
    }
