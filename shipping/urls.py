from django.urls import path

from shipping import views
from shipping.views import carriers, collect, coming_back, packing, papers, parcel, picking, wave

app_name = "shipping"
stockroom = [
    path("stockroom/picking/", picking.waves, name="picking"),
    path("stockroom/picking/<str:number>/", wave.wave, name="wave"),
    path("stockroom/packing/", packing.packing, name="packing"),
    path("stockroom/packing/<int:pk>/", parcel.parcel, name="parcel"),
    path("stockroom/returns/", coming_back.coming_back, name="returns"),
    path("stockroom/returns/<str:number>/", coming_back.one, name="coming_back"),
    path("stockroom/collect/", collect.collect, name="collect"),
    path("stockroom/papers/slips/<int:pk>.pdf", papers.slip, name="slip"),
    path("stockroom/papers/orders/<int:pk>.pdf", papers.order_slip, name="order_slip"),
    path("stockroom/papers/picks/<int:pk>.pdf", papers.parcel_picks, name="parcel_picks"),
    path("stockroom/papers/waves/<int:pk>.pdf", papers.wave_picks, name="wave_picks"),
    path("stockroom/papers/labels/<int:pk>.pdf", papers.label, name="label"),
    path("stockroom/papers/customs/<int:pk>/<slug:kind>.pdf", papers.customs, name="customs"),
]
webhooks = [
    path("webhooks/partners/<slug:code>/", views.partner_answer, name="partner_answer"),
    path("webhooks/carriers/<slug:code>/", carriers.carrier_news, name="carrier_news"),
]
urlpatterns = [*stockroom, *webhooks]
