"""What nobody does is told of and shared by a worker that runs, not by a test that calls."""

import pytest

from tests.faults.house import House

pytestmark = pytest.mark.faults
SUPERVISED = "SELECT count(*) FROM workflows_task WHERE finished IS NULL AND escalated IS NOT NULL"
TOLD = "SELECT count(*) FROM workflows_event WHERE kind = 'escalated'"
ALARMED = """
SELECT count(DISTINCT a.role) FROM workflows_message m
JOIN workflows_appointment a ON a.user_id = m.recipient_id AND a.role IN ('leader', 'operator')
WHERE m.kind = 'nobody_may'
"""
HOLDER = """
SELECT coalesce(max(u.username), '') FROM workflows_task t
JOIN workflows_user u ON u.id = t.owner_id WHERE t.finished IS NULL
"""


def test_a_task_that_nobody_may_do_is_supervised_told_of_and_given_by_rule(
    own_house: House,
) -> None:
    with own_house.worker():
        own_house.rehearse("neglect")
        own_house.until(SUPERVISED, 1)
        own_house.until(ALARMED, 2)  # the head and the operators
        own_house.rehearse("share")
        own_house.until(HOLDER, "keeper.first")  # equals: the older account

    assert own_house.ask(TOLD) == 1
    assert own_house.ask("SELECT count(*) FROM workflows_job WHERE failures > 0") == 0
    assert own_house.run("manage.py", "verify_audit").strip().endswith("chains verify")
