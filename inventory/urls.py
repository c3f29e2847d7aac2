from django.urls import path

from inventory.views import (
    bins,
    count_differences,
    count_sheet,
    counts,
    items,
    receiving,
    start,
    transfer,
    transfers,
)

app_name = "inventory"
urlpatterns = [
    path("", start.floor, name="floor"),
    path("items/<int:pk>/", items.item, name="item"),
    path("receiving/", receiving.orders, name="receiving"),
    path("receiving/<str:number>/", receiving.order, name="receiving_order"),
    path("counts/", counts.counts, name="counts"),
    path("counts/new/", counts.count_new, name="count_new"),
    path("counts/<str:number>/", count_sheet.count, name="count"),
    path("counts/<str:number>/print/", counts.count_print, name="count_print"),
    path("counts/<str:number>/cancel/", counts.count_cancel, name="count_cancel"),
    path(
        "counts/<str:number>/differences/",
        count_differences.count_differences,
        name="count_differences",
    ),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new/", transfers.transfer_new, name="transfer_new"),
    path("transfers/<str:number>/", transfer.transfer, name="transfer"),
    path("bins/", bins.bins, name="bins"),
    path("bins/<int:pk>/", bins.bin_page, name="bin"),
]
