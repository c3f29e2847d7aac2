import time
import pytest
from django.db import connection
from django.urls import reverse
from tests.factories import VariantFactory, MarketFactory
pytestmark = pytest.mark.django_db

def test_large(client, demo_market):
    from tests.factories.people import staff
    client.force_login(staff("owner"))
    v = VariantFactory(cost="9.00")
    with connection.cursor() as c:
        c.execute("set statement_timeout = 0")
        c.execute("""insert into catalog_variant (product_id, sku, barcode, mpn, label, position, grams, origin, hs_code, cost, min_quantity, quantity_step, max_quantity, content_unit, uses_keys, is_active)
          select %s, 'L-'||n, '', '', 'l'||n, n %% 30000, 100, '', '', 5 + n %% 20, 1, 1, 99, '', false, true from generate_series(1,100000) n""", [v.product_id])
        c.execute("""insert into catalog_price (variant_id, market_id, amount, is_fixed) select id, %s, 20 + position %% 20, true from catalog_variant where sku like 'L-%%'""", [demo_market.pk])
        c.execute("set constraints all immediate")
    url = reverse("admin:catalog_price_changelist")
    for q in ({}, {"o": "9"}, {"o": "-9", "below": "30"}, {"q": "L-777"}, {"p": "900"}):
        start = time.perf_counter()
        page = client.get(url, q)
        print(q, page.status_code, page.context["cl"].result_count, round(time.perf_counter() - start, 2), "s")
