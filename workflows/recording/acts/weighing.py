"""What a panel does on an ordinary day: declare, score or check, and lose a seat too late."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from workflows import rubric
from workflows.models import Seat
from workflows.procedure import Criterion, Evaluation, Part
from workflows.recording.driver import Drive
from workflows.recording.reader import BadRecording, Sheet
from workflows.stages import evaluation, panel


def form_panel(drive: Drive) -> None:
    """Seat the recorded panel, or as many as the edition asks."""
    rules, cast = drive.case.procedure.evaluation, drive.cast
    experts = panel.evaluator(rules) == "expert"
    size = len(sheets_of(drive)) if rules.kind == "panel" else rules.size
    pool = cast.experts if experts else cast.checkers
    panel.form_panel(drive.case, experts=pool[:size], by=cast.agency if experts else cast.officer)


def sheets_of(drive: Drive) -> list[Sheet]:
    """The recorded sheets, in the order of the seats; ``BadRecording`` where there are none."""
    recorded = drive.application.evaluation
    if recorded is None or not recorded.panel:
        raise BadRecording("the panel's marks are not recorded")
    return list(recorded.panel)


def fill_sheets(drive: Drive) -> None:
    """Every seat declares and locks its sheet; late conflicts void theirs afterwards."""
    for seat in seats(drive, "sheet"):
        panel.declare(seat, by=seat.expert)
        if drive.case.procedure.evaluation.kind == "checks":
            evaluation.check(seat, verdict="pass", text="材料真实，条件成立。", by=seat.expert)
        else:
            _score(drive, seat)
    _void_late_conflicts(drive)


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


def _void_late_conflicts(drive: Drive) -> None:
    recorded = drive.application.evaluation
    late = recorded.withdrawn_after_scoring if recorded else []
    panel_ = recorded.panel if recorded else []
    for number in (place for place, sheet in enumerate(panel_, 1) if sheet.expert in late):
        seat = Seat.objects.select_related("case").get(
            case=drive.case, round=drive.case.evaluation_round, node="sheet", number=number
        )
        evaluation.void_seat(seat, reason="三年内曾任申报单位顾问", by=drive.cast.agency)
