from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0011_sold_is_read_alone"),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name="order",
            name="order_sold_in",
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", False)),
                fields=["market", "confirmed_at"],
                include=("id", "email", "total", "net"),
                name="order_sold_in",
            ),
        ),
    ]
