"""The programme's entry in the register."""

from pathlib import Path

from workflows.programme import Programme
from workflows.programmes.base_designation import flows, rules

PROGRAMME = Programme(
    key="base_designation",
    code="P2",
    folder=Path(__file__).parent,
    flows={"DesignationFlow": flows.DesignationFlow},
    results=rules.results,
)
