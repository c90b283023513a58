import cProfile, pstats, time, pytest
from workflows import jobs, store
from workflows.jobs import Handler
from workflows.recording import house
def fake(job):
    return {"unsigned_sha256":"0"*64,"sha256":store.store().put(b"%PDF-1.7 fake"+str(job.pk).encode()),"signer":"x"}
@pytest.mark.django_db
def test_x(office, monkeypatch, carry):
    t=time.time()
    monkeypatch.setitem(jobs._handlers,"issue_document",Handler(jobs._handlers["issue_document"].finish, fake))
    p=cProfile.Profile(); p.enable()
    carry("P1-002")
    p.disable()
    print("carry", time.time()-t)
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
    t=time.time(); carry("P1-001"); print("second", time.time()-t)
