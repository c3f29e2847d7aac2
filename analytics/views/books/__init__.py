"""The books: what the ledger says, every number with the rows behind it."""

from analytics.views.books.balance import index, trial, trial_csv
from analytics.views.books.by_hand import entry_new, entry_reverse
from analytics.views.books.checks import checks
from analytics.views.books.closing import month, months
from analytics.views.books.export import chart, export
from analytics.views.books.journal import account, account_csv, entries, entry
from analytics.views.books.margins import margins, margins_csv
from analytics.views.books.months import cash, months_csv, profit
from analytics.views.books.payouts import payout, payout_csv, payout_line, payouts
from analytics.views.books.vat import vat, vat_csv

__all__ = [
    "account",
    "account_csv",
    "cash",
    "chart",
    "checks",
    "entries",
    "entry",
    "entry_new",
    "entry_reverse",
    "export",
    "index",
    "margins",
    "margins_csv",
    "month",
    "months",
    "months_csv",
    "payout",
    "payout_csv",
    "payout_line",
    "payouts",
    "profit",
    "trial",
    "trial_csv",
    "vat",
    "vat_csv",
]
