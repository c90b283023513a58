"""The programme's entry in the register."""

from pathlib import Path

from workflows.programme import Programme
from workflows.programmes.project_funding import flows, rules

PROGRAMME = Programme(
    key="project_funding",
    code="P4",
    folder=Path(__file__).parent,
    flows={"FundingFlow": flows.FundingFlow},
    results=rules.results,
)
