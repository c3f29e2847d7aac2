"""A terminal that staff left open: Python inside the shop, without a start for each line."""

import json
import subprocess
import sys

LOOP = """
import contextlib, io, json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
import django
django.setup()
from django.db import close_old_connections
for line in sys.stdin:
    said = io.StringIO()
    close_old_connections()
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
        answer = ["ok", said.getvalue().strip()]
    except Exception as error:
        answer = ["failed", repr(error)]
    print(json.dumps(answer), flush=True)
"""
# Enough to sell, and no questions about buyers who all live at one address.
READY = """
from django.utils import timezone
from inventory.models import StockItem, StockMovement
from inventory.services import stock
from shop.processes import stocktaking
from payments.services import risk
for item in StockItem.objects.filter(variant__sku="MW-MUG-ASH-320"):
    stocktaking.correct(variant_id=item.variant_id, on_hand=item.allocated + item.safety + 3000,
        why=stock.Why(StockMovement.Kind.COUNT, timezone.now(), reason="count"))
risk.rules().update(is_active=False)
"""
DONE = "from payments.services import risk; risk.rules().update(is_active=True)"


class Staff:
    def __init__(self, house):
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOOP],
            cwd=house.root,
            env=house.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code):
        """Run Python in the shop; what it printed. Raises AssertionError when it fails."""
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        word, said = json.loads(self.process.stdout.readline())
        assert word == "ok", said
        return said

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()
