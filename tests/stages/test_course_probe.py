import pytest, time
pytestmark = pytest.mark.django_db
def test_probe(pool_entry):
    t=time.time()
    c=pool_entry
    for node in ["district_review","opinion","department_review","panel","sheet","proposal","endorsement","tabling","resolution","publication","notice","signing","sealing","issuing"]:
        c.to(node); print(node, c.state, c.waiting, round(time.time()-t,2)); t=time.time()
    c.papers(); print(c.state,c.waiting,time.time()-t)
def test_probe2(certification):
    t=time.time()
    c=certification
    for node in ["district_review","opinion","department_review","panel","sheet","proposal","endorsement","tabling","resolution","publication","notice","signing","sealing","issuing"]:
        c.to(node); print(node, c.state, c.waiting, round(time.time()-t,2)); t=time.time()
