"""Phone numbers as networks want them: a plus, the country's code, and digits."""

import re

# Calling codes, and what stands before a number at home and falls away abroad.
CODES = {
    "AT": ("43", "0"), "AU": ("61", "0"), "BE": ("32", "0"), "BG": ("359", "0"), "CA": ("1", "1"),
    "CH": ("41", "0"), "CY": ("357", ""), "CZ": ("420", ""), "DE": ("49", "0"), "DK": ("45", ""),
    "EE": ("372", ""), "ES": ("34", ""), "FI": ("358", "0"), "FR": ("33", "0"), "GB": ("44", "0"),
    "GG": ("44", "0"), "GR": ("30", ""), "HR": ("385", "0"), "HU": ("36", "06"), "IE": ("353", "0"),
    "IM": ("44", "0"), "IS": ("354", ""), "IT": ("39", ""), "JE": ("44", "0"), "JP": ("81", "0"),
    "LI": ("423", ""), "LT": ("370", "0"), "LU": ("352", ""), "LV": ("371", ""), "MC": ("377", ""),
    "MT": ("356", ""), "NL": ("31", "0"), "NO": ("47", ""), "NZ": ("64", "0"), "PL": ("48", ""),
    "PT": ("351", ""), "RO": ("40", "0"), "SE": ("46", "0"), "SI": ("386", "0"), "SK": ("421", "0"),
    "US": ("1", "1"),
}  # fmt: skip
WHOLE = re.compile(r"\+[1-9]\d{7,14}")


def e164(typed: str, country: str) -> str:
    """ "+447700900123" of "07700 900123" in GB; empty for what is no number there."""
    digits = re.sub(r"\D", "", typed)
    if typed.strip().startswith("+") or digits.startswith("00"):
        # The nought in brackets is only said at home.
        digits = re.sub(r"\D", "", typed.replace("(0)", "")).removeprefix("00")
        found = f"+{digits}"
    else:
        code, trunk = CODES.get(country, ("", ""))
        found = f"+{code}{digits.removeprefix(trunk)}" if code else ""
    return found if WHOLE.fullmatch(found) else ""
