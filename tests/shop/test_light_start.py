"""What a web process loads at its start: nothing that only workers, or one page in a thousand, need."""

import subprocess
import sys

# By what each costs in every process: numpy alone 14 MB, a compiler of pages 80 MB.
HEAVY = {
    "barcode", "boto3", "diff_match_patch", "drafthorse", "holidays", "karrio", "lxml", "numpy",
    "openpyxl", "pypdf", "stripe", "tablib", "typst",
}  # fmt: skip
START = """
import sys
import shop.wsgi
from django.urls import get_resolver
get_resolver()._populate()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_web_process_starts_without_what_pages_do_not_need():
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, check=True, timeout=120
    )

    loaded = set(done.stdout.split())
    assert {"django", "shop", "catalog"} <= loaded
    assert not HEAVY & loaded
