from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0012_found_in_its_market"),
    ]

    operations = [
        # A search reads hundreds of cards: what fits half a page is kept as it is, not packed.
        # A card that is there already is so once it is made anew.
        migrations.RunSQL(
            "alter table catalog_card set (toast_tuple_target = 4080)",
            "alter table catalog_card reset (toast_tuple_target)",
        ),
    ]
