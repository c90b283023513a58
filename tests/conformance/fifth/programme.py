"""The programme's entry in the register."""

from pathlib import Path

from open_courses import flows, rules

from workflows.programme import Programme

PROGRAMME = Programme(
    key="open_courses",
    code="P5",
    folder=Path(__file__).parent,
    flows={"OpenCourseFlow": flows.OpenCourseFlow},
    results=rules.results,
)
