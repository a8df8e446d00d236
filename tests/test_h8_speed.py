import sys, time
sys.path.insert(0,'/tmp')
import pytest
from h8gen import make
from tests.cast import enters
from rapporto.domain.parties.contacts_import import import_contacts, preview_contacts
from rapporto.store.history.undo import undo
from rapporto.store.history.export import canonical
from rapporto.domain.parties.models import *
import os
@pytest.mark.django_db(transaction=True)
def test_speed():
    N=int(os.environ.get('N','2000'))
    for who in ("Bruno","Anna"):
        a=enters(who)
        before=list(canonical())
        data=make(N)
        t=time.process_time(); p=preview_contacts(a,data); print('preview',time.process_time()-t,p.summary.counts())
        t=time.process_time(); i=import_contacts(a,data); dt=time.process_time()-t; print(who,'import',dt,N/dt,i.summary.counts(), ContactPoint.objects.count())
        t=time.process_time(); j=import_contacts(a,data); print('again',time.process_time()-t,j.change_set_id,j.summary.counts())
        t=time.process_time(); u=undo(a,i.change_set_id); print('undo',time.process_time()-t,u.restored,len(u.kept), list(canonical())==before)
