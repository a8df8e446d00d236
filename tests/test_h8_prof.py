import sys, cProfile, pstats
sys.path.insert(0,'/tmp')
import pytest
from h8gen import make
from tests.cast import enters
from rapporto.domain.parties.contacts_import import import_contacts, preview_contacts
@pytest.mark.django_db(transaction=True)
def test_speed():
    a=enters("Bruno"); data=make(2000)
    p=cProfile.Profile(); p.enable(); preview_contacts(a,data); p.disable(); pstats.Stats(p).sort_stats('tottime').print_stats(22)
    p=cProfile.Profile(); p.enable(); import_contacts(a,data); p.disable(); pstats.Stats(p).sort_stats('tottime').print_stats(40)
    pstats.Stats(p).sort_stats('cumtime').print_stats(45)
