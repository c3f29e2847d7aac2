from django.db import migrations

# (symbol, other spellings, base unit, in base units). "in" is a word more often than an inch.
UNITS = [
    ("ml", "millilitre, millilitres, milliliter, milliliters", "l", "0.001"),
    ("cl", "centilitre, centilitres", "l", "0.01"),
    ("dl", "decilitre, decilitres", "l", "0.1"),
    ("l", "litre, litres, liter, liters, ltr", "l", "1"),
    ("mg", "milligram, milligrams", "g", "0.001"),
    ("g", "gram, grams, gr, gramme, grammes", "g", "1"),
    ("kg", "kilo, kilos, kilogram, kilograms, kgs", "g", "1000"),
    ("oz", "ounce, ounces", "g", "28.349523125"),
    ("lb", "lbs, pound, pounds", "g", "453.59237"),
    ("mm", "millimetre, millimetres, millimeter, millimeters", "m", "0.001"),
    ("cm", "centimetre, centimetres, centimeter, centimeters", "m", "0.01"),
    ("m", "metre, metres, meter, meters", "m", "1"),
    ("inch", 'inches, "', "m", "0.0254"),
    ("ft", "foot, feet", "m", "0.3048"),
    ("mah", "milliamp hours", "ah", "0.001"),
    ("ah", "amp hours", "ah", "1"),
    ("w", "watt, watts", "w", "1"),
    ("kw", "kilowatt, kilowatts", "w", "1000"),
    ("v", "volt, volts", "v", "1"),
    ("mhz", "megahertz", "mhz", "1"),
    ("ghz", "gigahertz", "mhz", "1000"),
    ("mb", "megabyte, megabytes", "gb", "0.001"),
    ("gb", "gigabyte, gigabytes", "gb", "1"),
    ("tb", "terabyte, terabytes", "gb", "1000"),
]
# What either side of the Atlantic calls the same.
SYNONYMS = [
    "colour, color",
    "grey, gray",
    "jewellery, jewelry",
    "aluminium, aluminum",
    "tyre, tire",
    "organiser, organizer",
]


def add(apps, _schema_editor):
    Unit, Synonym = (apps.get_model("catalog", name) for name in ("Unit", "Synonym"))
    for symbol, spellings, base, factor in UNITS:
        values = {"spellings": spellings, "base": base, "factor": factor}
        Unit.objects.get_or_create(symbol=symbol, defaults=values)
    for words in SYNONYMS:
        Synonym.objects.get_or_create(language="en", words=words)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_moved_addresses_redirect")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
