"""Orders from before the column was there: confirmed when their history says so."""

from django.db import migrations

FILL = """
update orders_order o set confirmed_at = e.at
from (
    select order_id, min(at) as at from orders_orderevent
    where axis = 'status' and to_state = 'confirmed' group by order_id
) e
where e.order_id = o.id and o.confirmed_at is null
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_confirmed_and_held")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
