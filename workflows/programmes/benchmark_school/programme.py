"""The programme's entry in the register."""

from pathlib import Path

from workflows.programme import Programme
from workflows.programmes.benchmark_school import flows, rules

PROGRAMME = Programme(
    key="benchmark_school",
    code="P3",
    folder=Path(__file__).parent,
    flows={"RecognitionFlow": flows.RecognitionFlow},
    results=rules.results,
)
