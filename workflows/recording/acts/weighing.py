"""What a panel does on an ordinary day: declare, score or check, and lose a seat too late."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from workflows import rubric
from workflows.models import Seat, Task, User
from workflows.procedure import Criterion, Evaluation, Part
from workflows.recording.driver import Drive
from workflows.recording.reader import BadRecording, Sheet
from workflows.stages import evaluation, panel


def form_panel(drive: Drive) -> None:
    """Seat the recorded panel, or as many as the edition asks."""
    rules = drive.case.procedure.evaluation
    size = _seated(drive) if rules.kind == "panel" else rules.size
    panel.form_panel(drive.case, experts=_pool(drive)[:size], by=_manager(drive))


def _seated(drive: Drive) -> int:
    """A panel is odd: the last of an even number of sheets is that of a substitute."""
    recorded = len(sheets_of(drive))
    return recorded - (recorded % 2 == 0)


def _is_expert(drive: Drive) -> bool:
    return panel.evaluator(drive.case.procedure.evaluation) == "expert"


def _pool(drive: Drive) -> Sequence[User]:
    return drive.cast.experts if _is_expert(drive) else drive.cast.checkers


def _manager(drive: Drive) -> User:
    return drive.cast.agency if _is_expert(drive) else drive.cast.officer


def sheets_of(drive: Drive) -> list[Sheet]:
    """The recorded sheets, in the order of the seats; ``BadRecording`` where there are none."""
    recorded = drive.application.evaluation
    if recorded is None or not recorded.panel:
        raise BadRecording("the panel's marks are not recorded")
    return list(recorded.panel)


def fill_sheets(drive: Drive) -> None:
    """Every seat declares and locks its sheet; a conflict found afterwards voids a sheet.

    Where too few would be left, it is found before the last sheet is in, and a substitute sits.
    """
    _fill_vacancies(drive)
    owing = seats(drive, "sheet")
    late = _late(drive)
    short = len(owing) - len(late) < drive.case.procedure.evaluation.quorum
    for seat in sorted(owing, key=lambda each: each.number not in late):
        panel.declare(seat, by=seat.expert)
        if drive.case.procedure.evaluation.kind == "checks":
            evaluation.check(seat, verdict="pass", text="材料真实，条件成立。", by=seat.expert)
        else:
            _score(drive, seat)
        if short and seat.number in late:
            _void(drive, seat)
    if not short:
        for seat in (each for each in owing if each.number in late):
            _void(drive, seat)


def _late(drive: Drive) -> set[int]:
    """The seats whose experts turn out to have an interest."""
    recorded = drive.application.evaluation
    if recorded is None:
        return set()
    names = enumerate((sheet.expert for sheet in recorded.panel), 1)
    return {number for number, name in names if name in recorded.withdrawn_after_scoring}


def _void(drive: Drive, seat: Seat) -> None:
    evaluation.void_seat(seat, reason="三年内曾任申报单位顾问", by=drive.cast.agency)


def _fill_vacancies(drive: Drive) -> None:
    """Whoever has not sat on the case takes the seat that fell empty."""
    empty = Task.objects.filter(case=drive.case, node="sheet", finished=None).exclude(candidate="")
    sat = set(Seat.objects.filter(case=drive.case).values_list("expert", flat=True))
    reserve = [each for each in _pool(drive) if each.pk not in sat]
    for expert, _ in zip(reserve, empty, strict=False):
        panel.substitute(drive.case, expert=expert, by=_manager(drive))


def seats(drive: Drive, node: str) -> list[Seat]:
    """The seats of the present round that still owe what ``node`` asks."""
    case = drive.case
    owing = Seat.objects.filter(case=case, round=case.evaluation_round, void=None, locked=None)
    return list(owing.filter(node=node).select_related("case", "expert").order_by("number"))


def _score(drive: Drive, seat: Seat) -> None:
    sheets, rules = sheets_of(drive), drive.case.procedure.evaluation
    sheet = sheets[(seat.number - 1) % len(sheets)]
    computed = evaluation.computed_points(drive.case)
    points = points_of(sheet, rules, computed)
    remarks = {code: "按现场核查情况评定。" for code in computed if points[code] != computed[code]}
    remarks |= {f"line-{row}": "超出同类项目标准，予以核减。" for row in sheet.cuts}
    comment = sheet.comment or "材料与现场情况相符，按评分标准评定。"
    evaluation.score(
        seat, points=points, cuts=sheet.cuts, remarks=remarks, by=seat.expert, comment=comment
    )


def points_of(
    sheet: Sheet, rules: Evaluation, computed: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Points for every part: as recorded item by item, or the recorded total distributed."""
    if not sheet.items:
        return _split(sheet, sheet.score, evaluation.parts(rules), computed)
    points: dict[str, Decimal] = {}
    for criterion in rules.rubric:
        own = {part.code: computed[part.code] for part in criterion.parts if part.computed}
        points |= _split(sheet, _item(sheet, criterion), criterion.parts, own)
    return points


def _split(
    sheet: Sheet, total: Decimal, parts: Iterable[Part], computed: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    try:
        return rubric.split(total, [(part.code, part.maximum) for part in parts], computed)
    except ValueError as impossible:
        raise BadRecording(f"the sheet of {sheet.expert}: {impossible}") from impossible


def _item(sheet: Sheet, criterion: Criterion) -> Decimal:
    """What the sheet gives for ``criterion``, named by its code or by its title."""
    items = sheet.items or {}
    for name in (criterion.code, criterion.title.zh, criterion.title.en):
        if name in items:
            return items[name]
    raise BadRecording(f"the sheet of {sheet.expert} gives nothing for {criterion.title.zh}")
