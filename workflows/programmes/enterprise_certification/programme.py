"""The programme's entry in the register."""

from pathlib import Path

from workflows.programme import Programme
from workflows.programmes.enterprise_certification import flows, rules

PROGRAMME = Programme(
    key="enterprise_certification",
    code="P1",
    folder=Path(__file__).parent,
    flows={
        "PoolEntryFlow": flows.PoolEntryFlow,
        "CertificationFlow": flows.CertificationFlow,
    },
    results=rules.results,
)
