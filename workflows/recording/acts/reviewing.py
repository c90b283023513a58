"""What the desk does on an ordinary day: accept, recommend, answer, conclude."""

from workflows.models import Opinion, Task
from workflows.recording.driver import Drive
from workflows.stages import acceptance, countersign, likeness, review


def accept(drive: Drive) -> None:
    """The window finds the material complete."""
    acceptance.accept(drive.case, by=drive.cast.window)


def recommend(drive: Drive) -> None:
    """The district recommends."""
    review.recommend(
        drive.case,
        favourable=True,
        text="材料与条件相符，同意推荐。",
        by=drive.cast.district,
    )


def answer_for_departments(drive: Drive) -> None:
    """Every department still asked has no objection."""
    open_units = Task.objects.filter(case=drive.case, node="opinion", finished=None)
    for department in list(open_units.values_list("unit", flat=True)):
        countersign.give_opinion(
            drive.case,
            department=department,
            verdict=Opinion.Verdict.NO_OBJECTION,
            text="",
            by=drive.cast.departments[department],
        )


def conclude(drive: Drive) -> None:
    """The officer sends a clean case to evaluation and stops one that something stands against."""
    text = "；".join([*stops(drive), *(each.text for each in countersign.objections(drive.case))])
    conclude_with(drive, "stop" if text else "evaluate", text)


def conclude_with(drive: Drive, verdict: str, text: str) -> None:
    """The officer ends the office's review, or the screening, with ``verdict``."""
    screening = Task.objects.filter(case=drive.case, node="screening", finished=None)
    end = review.screen if screening.exists() else review.conclude
    end(drive.case, verdict=verdict, text=text, by=drive.cast.officer)


def stops(drive: Drive) -> list[str]:
    """Judge every likeness a different matter, as long as nobody has; name those that are not."""
    for each in likeness.undecided(drive.case):
        text = "经核对，建设内容、地点和预算明细不同，不属于同一项目。"
        likeness.decide(each, verdict="different", text=text, by=drive.cast.officer)
    return [f"与{each.other}属于同一项目。" for each in likeness.same(drive.case)]
