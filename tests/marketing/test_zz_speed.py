import time, pytest
from tests.marketing.test_deals import TestQuestions, _deals
from tests.factories import MarketFactory
@pytest.mark.django_db
def test_speed():
    market=MarketFactory(); TestQuestions()._many(200); _deals(market=market)
    b=[]; w=[]
    for _ in range(30):
        s=time.process_time(); x=time.perf_counter(); _deals(market=market); b.append(time.process_time()-s); w.append(time.perf_counter()-x)
    print("CPU min %.1f ms med %.1f; wall min %.1f ms"%(min(b)*1e3,sorted(b)[15]*1e3,min(w)*1e3))
    import cProfile,pstats
    p=cProfile.Profile(); p.enable(); [_deals(market=market) for _ in range(10)]; p.disable()
    pstats.Stats(p).sort_stats("tottime").print_stats(18)
