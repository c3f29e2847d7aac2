# ruff: noqa: INP001 — a script, not a package
"""Writes the page that the proxy shows while no container answers: the shop's own 503, with its styles.

In the project's folder: python docs/deploy/away_page.py > away.html
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django
from django.template.loader import get_template

django.setup()
sys.stdout.write(get_template("503.html").render())
