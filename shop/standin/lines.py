"""What a Checkout Session is for: its lines and its delivery, with their prices."""

from shop.standin import params
from shop.standin.errors import invalid, missing
from shop.standin.objects import Json
from shop.standin.params import Params

MOST_LINES = 100
MOST_OF_ONE = 999_999


def read_lines(given: Params) -> tuple[str, list[Json], int]:
    """Return the currency, the lines and their sum in the minor unit."""
    found = params.items(given, "line_items")
    if not found:
        raise missing("line_items")
    if len(found) > MOST_LINES:
        raise invalid("line_items", f"At most {MOST_LINES} line items")
    lines = [_line(number, line) for number, line in enumerate(found)]
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise invalid("line_items", "All prices must have the same currency.")
    return currencies.pop(), lines, sum(line["amount_total"] for line in lines)


def _line(number: int, given: Params) -> Json:
    where = f"line_items[{number}]"
    price = params.nested(given, "price_data")
    if not price:
        raise missing(f"{where}[price_data]")
    product = params.nested(price, "product_data")
    name = params.text(product, "name", longest=250)
    if not name:
        raise missing(f"{where}[price_data][product_data][name]")
    quantity = params.integer(given, "quantity")
    unit_amount = params.integer(price, "unit_amount")
    if not 0 < quantity <= MOST_OF_ONE or unit_amount < 0:
        raise invalid(where, f"Invalid quantity or unit_amount in {where}")
    return {
        "id": f"li_{number + 1}",
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit_amount * quantity,
        "amount_tax": 0,
        "amount_total": unit_amount * quantity,
        "currency": params.currency(price),
        "description": name,
        "price": {"object": "price", "unit_amount": unit_amount, "type": "one_time"},
        "quantity": quantity,
    }


def read_shipping(given: Params, *, currency: str) -> tuple[str, int]:
    """Return the delivery's name and its price in the minor unit; '' and 0 without one."""
    options = params.items(given, "shipping_options")
    if not options:
        return "", 0
    if len(options) > 1:
        raise invalid("shipping_options", "The stand-in takes one delivery option.")
    rate = params.nested(options[0], "shipping_rate_data")
    where = "shipping_options[0][shipping_rate_data]"
    label = params.text(rate, "display_name", longest=100)
    if not label:
        raise missing(f"{where}[display_name]")
    fixed = params.nested(rate, "fixed_amount")
    amount = params.integer(fixed, "amount")
    if amount < 0:
        raise invalid(f"{where}[fixed_amount][amount]", "Invalid non-negative integer")
    if params.currency(fixed) != currency:
        raise invalid(f"{where}[fixed_amount][currency]", "All prices must have one currency.")
    return label, amount
