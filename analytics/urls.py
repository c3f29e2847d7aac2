from django.urls import include, path

from analytics import views
from analytics.views import books, carriers, health, returns, stock, waiting_room

app_name = "analytics"
books_urls = [
    path("", books.index, name="books_index"),
    path("balance/", books.trial, name="books_balance"),
    path("balance.csv", books.trial_csv, name="books_balance_csv"),
    path("accounts/<slug:code>/", books.account, name="books_account"),
    path("accounts/<slug:code>.csv", books.account_csv, name="books_account_csv"),
    path("journal/", books.entries, name="books_journal"),
    path("entries/new/", books.entry_new, name="books_entry_new"),
    path("entries/<int:pk>/", books.entry, name="books_entry"),
    path("entries/<int:pk>/reverse/", books.entry_reverse, name="books_entry_reverse"),
    path("profit/", books.profit, name="books_profit"),
    path("cash/", books.cash, name="books_cash"),
    path("by-month/<slug:name>.csv", books.months_csv, name="books_months_csv"),
    path("margins/", books.margins, name="books_margins"),
    path("margins.csv", books.margins_csv, name="books_margins_csv"),
    path("vat/", books.vat, name="books_vat"),
    path("vat.csv", books.vat_csv, name="books_vat_csv"),
    path("payouts/", books.payouts, name="books_payouts"),
    path("payouts/<int:pk>/", books.payout, name="books_payout"),
    path("payouts/<int:pk>.csv", books.payout_csv, name="books_payout_csv"),
    path("payouts/lines/<int:pk>/", books.payout_line, name="books_payout_line"),
    path("months/", books.months, name="books_months"),
    path("months/<slug:month>/", books.month, name="books_month"),
    path("checks/", books.checks, name="books_checks"),
    path("journal.csv", books.export, name="books_export"),
    path("accounts.csv", books.chart, name="books_chart"),
]
stock_urls = [
    path("", stock.overview, name="stock"),
    path("reports/<slug:name>/", stock.report, name="stock_report"),
    path("reports/<slug:name>.csv", stock.report_csv, name="stock_csv"),
    path("<path:sku>/policy/", stock.policy, name="stock_policy"),
    path("<path:sku>/", stock.variant, name="stock_variant"),
]
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("orders/", views.orders, name="orders"),
    path("orders.csv", views.orders_csv, name="orders_csv"),
    path("tax/", views.tax, name="tax"),
    path("tax/orders/", views.tax_orders, name="tax_orders"),
    path("tax/<slug:name>.csv", views.tax_csv, name="tax_csv"),
    path("carriers/", carriers.carriers, name="carriers"),
    path("carriers.csv", carriers.carriers_csv, name="carriers_csv"),
    path("returns/", returns.returns, name="returns"),
    path("returns.csv", returns.returns_csv, name="returns_csv"),
    path("health/", health.page, name="health"),
    path("health/retry/", health.retry, name="health_retry"),
    path("waiting-room/", waiting_room.page, name="waiting_room"),
    path("waiting-room/change/", waiting_room.change, name="waiting_room_change"),
    path("books/", include(books_urls)),
    path("stock/", include(stock_urls)),
    path("<slug:name>.csv", views.panel_csv, name="panel_csv"),
]
