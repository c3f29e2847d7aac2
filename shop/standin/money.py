"""Show an amount in the minor unit as people write it."""

SYMBOLS = {"gbp": "£", "eur": "€", "usd": "$"}
WITHOUT_MINOR = {"jpy", "krw", "vnd", "clp", "isk"}


def show(amount: int, currency: str) -> str:
    number = f"{amount:,}" if currency in WITHOUT_MINOR else f"{amount / 100:,.2f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency.upper()}"
