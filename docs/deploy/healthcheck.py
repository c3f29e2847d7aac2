# ruff: noqa: INP001 — a script, not a package
"""Asks the web server in this container whether it lives, under the shop's own name."""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

line = HTTPConnection("127.0.0.1", 8000, timeout=4)
line.request("GET", "/healthz", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
sys.exit(line.getresponse().status != 200)
