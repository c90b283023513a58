import time, pytest
from tests.authorization import world
@pytest.mark.django_db
def test_w(office, call, standing_clock):
    t=time.time()
    ours = world.side("310101","ours","相向而行")
    for s in world.WAYS:
        try:
            world.settle(ours, call, s)
            c=ours.cases[s]
            print(s, c.state, c.tasks.filter(finished=None).values_list("node","candidate","owner","due"), round(time.time()-t,2))
        except Exception as e:
            import traceback; traceback.print_exc()
