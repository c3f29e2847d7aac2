"""The carriers' servers, as karrio's one way out sees them: answers in their documented formats."""

import base64
import io
import json
import threading
import time
from pathlib import Path

from PIL import Image

from shop.lib.paper import printed

FIXTURES = Path(__file__).parent / "fixtures"
KEYS = {
    "USPS_CLIENT_ID": "a1b2c3",
    "USPS_CLIENT_SECRET": "secret",
    "USPS_ACCOUNT_NUMBER": "1000405525",
    "USPS_CRID": "56982563",
    "USPS_MID": "904128936",
    "USPS_MANIFEST_MID": "904128937",
    "FEDEX_API_KEY": "l7xx",
    "FEDEX_SECRET_KEY": "secret",
    "FEDEX_ACCOUNT_NUMBER": "740561073",
    "UPS_CLIENT_ID": "a1b2c3",
    "UPS_CLIENT_SECRET": "secret",
    "UPS_ACCOUNT_NUMBER": "A1B2C3",
    "DHL_EXPRESS_SITE_ID": "v62_marlweft",
    "DHL_EXPRESS_PASSWORD": "secret",
    "DHL_EXPRESS_ACCOUNT_NUMBER": "123456789",
}
# What is asked for, by a part of the address: first fitting wins.
WHERE = (
    ("oauth", "token"),
    ("payment-authorization", "payment"),
    ("trackingdocuments", "error"),
    ("options/search", "quote"),
    ("rates/quotes", "quote"),
    ("rating/", "quote"),
    ("void/cancel", "void"),
    ("shipments/cancel", "void"),
    ("labels/v3/label/", "void"),
    ("labels/v3/label", "label"),
    ("ship/v1/shipments", "label"),
    ("shipments/v2409/ship", "label"),
    ("track", "track"),
)
# DHL Express has one address; the message says what is asked.
MESSAGES = (("DCTRequest", "quote"), ("ShipmentRequest", "label"), ("TrackingRequest", "track"))


def label_pdf():
    page = {"number": "1", "bars": [1, 1], "sender": [], "receiver": [], "country": "US"}
    return printed("label.typ", page | {"phone": "", "service": "", "weight": ""})


def picture():
    """A label as UPS draws it: lying on its side."""
    file = io.BytesIO()
    Image.new("1", (1400, 800), 1).save(file, "GIF")
    return file.getvalue()


class Network:
    """Answers for one carrier, and keeps what it was asked.

    wrong: kinds of questions that get the error message; hangs: seconds that all but the token take.
    """

    def __init__(self, carrier, *, wrong=(), hangs=0.0):
        self.carrier, self.wrong, self.hangs = carrier, wrong, hangs
        self.asked = []
        self.lock = threading.Lock()

    def request(self, **call):
        kind = self._kind(call)
        with self.lock:
            self.asked.append((kind, call))
        if self.hangs and kind not in ("token", "payment"):
            time.sleep(self.hangs)
        text = self._text("error" if kind in self.wrong else kind)
        decoder = call.get("decoder")
        return text if decoder is None else decoder(text.encode())

    def kinds(self):
        return [kind for kind, _call in self.asked if kind not in ("token", "payment")]

    def message(self, kind):
        """The last thing it was sent of a kind, as JSON or as it is."""
        data = next(call["data"] for name, call in reversed(self.asked) if name == kind)
        return data if data.lstrip().startswith("<") else json.loads(data)

    def _kind(self, call):
        if self.carrier == "dhl_express":
            return next(kind for sign, kind in MESSAGES if sign in call["data"])
        return next(kind for part, kind in WHERE if part in call["url"])

    def _text(self, kind):
        (file,) = FIXTURES.glob(f"{self.carrier}_{kind}.*")
        text = file.read_text().replace("@now@", str(int(time.time() * 1000)))
        if "@label@" in text:
            text = text.replace("@label@", base64.b64encode(label_pdf()).decode())
        if "@picture@" in text:
            text = text.replace("@picture@", base64.b64encode(picture()).decode())
        return text
