"""Cases in hand: applications of today that wait where a newcomer can take them further."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from workflows import clock, demo
from workflows.models import Organisation
from workflows.recording import house
from workflows.recording.reader import Application, Recording

# (credit code of the organisation, recording it files again, the step it waits at)
WAITING = (
    ("91310113MAYY1A0887", "P1-002", "acceptance"),
    ("91310117MAYY1A109H", "P1-002", "district_review"),
    ("91310112MAYY1A045B", "P1-002", "opinion"),
    ("91310104MAYY1A053K", "P1-002", "tabling"),
    ("91310120MAYY1A061K", "P1-001", "sheet"),
    ("91310114MAYY1A07XM", "P1-002", "signing"),
)
DAYS_AGO = {
    "acceptance": 1,
    "district_review": 3,
    "opinion": 5,
    "tabling": 16,
    "sheet": 12,
    "signing": 30,
}


def prepare(say: Callable[[str], None]) -> None:
    """Carry each application of ``WAITING`` as far as its step, ending today."""
    records = json.loads(demo.RECORDING.read_text(encoding="utf-8"))
    recorded = {each["id"]: each for each in records["applications"]}
    for uscc, model, node in WAITING:
        organisation = Organisation.objects.get(uscc=uscc)
        application = again(recorded[model], organisation, node)
        house.carry(Recording(applications=[application]), say, until=node)


def again(record: dict[str, Any], organisation: Organisation, node: str) -> Application:
    """The recorded application as ``organisation`` would file it now."""
    day = clock.today() - timedelta(days=DAYS_AGO[node])
    form = {**record["form"], **organisation.profile}
    form["uscc"], form["org_name"] = organisation.uscc, organisation.name
    if form.get("pool_no"):
        form["pool_no"] = f"{form['pool_no'][:-5]}{int(organisation.uscc[10:12], 36) % 10000:04d}号"
    paper = [{**paper, "provided": True} for paper in record["attachments"]]
    return Application.model_validate(
        {
            **record,
            "id": organisation.name,
            "submitted_on": day.isoformat(),
            "form": form,
            "attachments": paper,
            "timeline": [],
            "expected": {},
        }
    )
