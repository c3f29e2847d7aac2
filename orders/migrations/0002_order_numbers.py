from django.db import migrations


class Migration(migrations.Migration):
    """Order numbers come from a sequence: unique under any load, and they start at 10001."""

    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "create sequence orders_number start 10001", "drop sequence orders_number"
        ),
    ]
