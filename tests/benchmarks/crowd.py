"""A house that has been at work for years: cases, tasks, people and groups, written in bulk.

The same rows stand in our tables and in stock viewflow's. Guards are off while they are written:
the past of these cases is made up.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from tests.benchmarks.flows import StockFlow
from workflows import clock, districts
from workflows.models import Appointment, Case, Edition, Passage, Round, Task, User
from workflows.search_words import spelled
from workflows.stages import indexing

CASES = 100_000
TENTH, HUNDREDTH = 10_000, 1_000
STEPS = 10  # tasks of a case, the last one open where the case is
OPEN = 436  # of 1,000 cases
PEOPLE, EACH = 300, 5  # accounts, and how many of them serve one group
RARE = 15  # tasks of the group in which few stand
FEW, NOBODY = "department_reviewer:RARE", "department_reviewer:NONE"
STEADY = "window:310151"  # the desk of one reader, in a house of any size the same
UNCLAIMED, OWN, WATCHED, DONE = 150, 120, 20, 150  # what stands there; of DONE some are open
DEPARTMENTS = [f"department_reviewer:D{number:02}" for number in range(1, 21)]
CITY = ["case_officer", "leader", "finance", "agency_manager", "issuer", "seal_keeper"]
WINDOWS = [f"window:{code}" for code in districts.NAMES]
GROUPS = [
    *(each for each in WINDOWS if each != STEADY),
    *(f"district_reviewer:{code}" for code in districts.NAMES),
    *DEPARTMENTS,
    *CITY,
]
EVERYBODY = [*GROUPS, STEADY, FEW, NOBODY]  # sixty groups
NODES = [
    "acceptance", "district_review", "opinion", "department_review", "screening", "panel",
    "proposal", "endorsement", "tabling", "signing",
]  # fmt: skip
INDUSTRIES = ["C26", "C34", "C35", "C39", "I65", "M73"]
FLOW = "enterprise_certification/flows.PoolEntryFlow"
WRITTEN = 1_000  # cases whose texts are written; the others repeat them
ONCE = "鹦鹉螺"  # a word of one case
COMMON = (
    "上海市浦东新区临港集成电路装备产业学院校企共建实训基地订单班现代学徒制培训技能人才教师企业实践设备捐赠"
    "课程标准专利研发投入年度报告质量评价职业技术大学机械电子工程微电子科学智能制造数控机床材料化工生物医药"
    "航空航天船舶汽车新能源软件信息网络安全金融物流养老护理康复餐饮酒店旅游文化创意设计建筑轨道交通环境检测"
)
SELDOM = "鹤鹭鸥鸢雁鹂鹃鹦鹫鹊梓槿榕桦柏檀楠桐枫樟"
SYLLABLES = "恒越精锐华创智联新元博远启明天合中科安泰宏图卓力信达嘉禾东方海纳光大永固"


@dataclass
class Crowd:
    """The readers whose lists are measured."""

    busy: User  # the window of the whole city, with two thousand tasks of their own
    steady: User  # of one district, with the same desk in every house
    few: User  # of a group with fifteen tasks
    nobody: User  # of a group without any


def gather(cases: int = CASES) -> Crowd:
    """Write ``cases`` cases with ten tasks each, their people, and the index of the search.

    What other parts of the benchmark left behind is taken away first.
    """
    disperse()
    crowd = _people()
    with transaction.atomic(), unguarded():
        _write(cases, crowd)
    _enter(cases)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return crowd


def disperse() -> None:
    """Forget all of it."""
    with transaction.atomic(), unguarded(), connection.cursor() as cursor:
        for table in (
            "workflows_passage", "workflows_intent", "workflows_watch", "workflows_ballot",
            "workflows_item", "workflows_meetingmember", "workflows_meeting", "workflows_seat",
            "workflows_task", "workflows_process", "workflows_submission",
            "viewflow_task_previous", "viewflow_task", "benchmarks_stockprocess",
            "viewflow_process", "benchmarks_matter",
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of ours
        cursor.execute("DELETE FROM workflows_case WHERE begun_with LIKE 'crowd%'")
        cursor.execute("DELETE FROM workflows_organisation WHERE kind = 'crowd'")


@contextmanager
def unguarded() -> Iterator[None]:
    """No trigger and no foreign key is asked; only PostgreSQL's own owner may say so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield


# --- people ---------------------------------------------------------------------------------------
def _people() -> Crowd:
    """Three hundred accounts, five to a group, with viewflow's permissions beside the offices."""
    today = clock.today()
    names = [f"crowd{number:03}" for number in range(PEOPLE)]
    User.objects.bulk_create(
        (User(username=name, name=name) for name in names), ignore_conflicts=True
    )
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    offices = []
    for number, name in enumerate(names):
        role, _, scope = EVERYBODY[number // EACH].partition(":")
        scope = "" if number == 0 else scope
        since = today - timedelta(days=900)
        offices.append(Appointment(user=people[name], role=role, scope=scope, valid_from=since))
    Appointment.objects.bulk_create(offices, ignore_conflicts=True)  # there since the last time
    kind = ContentType.objects.get_for_model(Task)
    sees = Permission.objects.get(codename="view_stockprocess")
    for place, group in enumerate(EVERYBODY):
        permission, _new = Permission.objects.get_or_create(
            codename=group, content_type=kind, defaults={"name": group}
        )
        for number in range(place * EACH, (place + 1) * EACH):
            people[names[number]].user_permissions.add(permission, sees)
    windows = Permission.objects.filter(codename__in=WINDOWS, content_type=kind)
    people[names[0]].user_permissions.add(*windows)
    first = [0, *(EVERYBODY.index(group) * EACH for group in (STEADY, FEW, NOBODY))]
    return Crowd(*(User.objects.get(username=names[number]) for number in first))


# --- rows -----------------------------------------------------------------------------------------
def _write(cases: int, crowd: Crowd) -> None:
    first = User.objects.order_by("pk").filter(username="crowd000").get().pk
    edition = Edition.objects.filter(programme="enterprise_certification").first()
    assert edition is not None, "published before"
    round_ = Round.objects.order_by("pk").first() or Round.objects.create(
        key="crowd",
        programme=edition.programme,
        edition=edition,
        title="历年",
        opens=clock.now() - timedelta(days=900),
        closes=clock.now() + timedelta(days=90),
    )
    given = {
        "cases": cases, "open": OPEN, "first": first, "people": PEOPLE, "each": EACH,
        "edition": edition.pk, "round": round_.pk, "groups": GROUPS, "number": len(GROUPS),
        "districts": list(districts.NAMES), "nodes": NODES, "steps": STEPS, "flow": FLOW,
        "everybody": EVERYBODY, "few": FEW, "rare": RARE, "industries": INDUSTRIES,
        "syllables": SYLLABLES, "desk": STEADY, "steady": crowd.steady.pk, "kept": UNCLAIMED + OWN,
        "own": OWN, "watched": WATCHED, "finished": DONE,
        "busy": crowd.busy.pk, "stock": "benchmarks/flows.StockFlow",
        "stock_task": "benchmarks/flows.StockFlow.step1",
    }  # fmt: skip
    assert StockFlow.step1 is not None
    with connection.cursor() as cursor:
        for statement in ROWS.split(";\n"):
            if statement.strip():
                cursor.execute(statement, given)


# h is a number of the case that looks drawn by lot and is the same every time
ROWS = """
CREATE TEMP TABLE crowd ON COMMIT DROP AS
SELECT i, h, (h / 7) %% 1000 < %(open)s AS open,
       (%(groups)s::text[])[1 + (h / 11) %% %(number)s] AS wanted,
       (h / 11) %% %(number)s AS place,
       (%(districts)s::text[])[1 + (h / 13) %% 16] AS district,
       (h / 17) %% 2 = 0 AS taken,
       (h / 19) %% 100 = 0 AS suspended,
       CASE WHEN (h / 23) %% 20 = 0 THEN NULL
            ELSE current_date + ((h / 29) %% 60 - 20)::int END AS due,
       now() - ((%(cases)s - i) * interval '5 minutes') AS came,
       '上海' || substr(%(syllables)s, 1 + ((h / 31) %% 36)::int, 1)
             || substr(%(syllables)s, 1 + ((h / 37) %% 36)::int, 1)
             || substr(%(syllables)s, 1 + ((h / 41) %% 36)::int, 1) || '科技有限公司' AS name,
       'RC-' || to_char(now() - ((%(cases)s - i) * interval '5 minutes'), 'YYYY') || '-'
             || lpad(i::text, 6, '0') AS reference,
       '91310115MA' || lpad(i::text, 8, '0') AS uscc
FROM (SELECT i, ('x' || substr(md5(i::text), 1, 8))::bit(32)::bigint AS h
      FROM generate_series(1, %(cases)s) AS i) AS numbers
;
UPDATE crowd SET wanted = %(few)s, place = -1, taken = FALSE, suspended = FALSE
WHERE i IN (SELECT i FROM crowd WHERE open ORDER BY h LIMIT %(rare)s)
;
UPDATE crowd SET wanted = %(desk)s, place = -1, suspended = FALSE,
                 taken = i IN (SELECT i FROM crowd WHERE open ORDER BY h DESC LIMIT %(own)s)
WHERE i IN (SELECT i FROM crowd WHERE open ORDER BY h DESC LIMIT %(kept)s)
;
INSERT INTO workflows_organisation
    (name, uscc, kind, district, state_owned, profile, registered)
SELECT name, uscc, 'crowd', district, FALSE, '{}', came FROM crowd ORDER BY i
;
INSERT INTO workflows_case
    (reference, programme_key, procedure_key, round_id, edition_id, applicant_id, subject, "group",
     district, state, former_state, outcome, draft, draft_revision, corrected, review_round,
     evaluation_round, deferrals, extended, created, created_by_id, begun_with, submitted,
     due_provisional, withdrawal_reason, version, head)
SELECT c.reference, 'enterprise_certification', 'pool_entry', %(round)s, %(edition)s, o.id, '', '',
       CASE WHEN c.wanted LIKE '%%:31%%' AND c.open THEN split_part(c.wanted, ':', 2)
            WHEN c.i <= %(finished)s THEN split_part(%(desk)s, ':', 2)
            ELSE c.district END,
       CASE WHEN NOT c.open THEN 'granted' WHEN c.suspended THEN 'suspended' ELSE 'reviewing' END,
       '', '', '{}', 0, c.h %% 10 = 0, 1, 0, 0, FALSE, c.came, %(first)s, 'crowd' || c.i,
       c.came, FALSE, '', 0, repeat('0', 64)
FROM crowd c JOIN workflows_organisation o ON o.uscc = c.uscc AND o.kind = 'crowd' ORDER BY c.i
;
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT c.*, w.id AS case_id FROM crowd c JOIN workflows_case w ON w.reference = c.reference
;
INSERT INTO workflows_submission
    (case_id, number, answers, derived, transcript, files, assessment, content_hash, language,
     submitted, by_id)
SELECT case_id, 1,
       jsonb_build_object('industry', (%(industries)s::text[])[1 + h %% 6], 'employees', h %% 900,
                          'foreign', h %% 3 = 0, 'story', repeat(md5(i::text), 60)),
       '{}', '{"sections": []}', '[]', '{}', repeat('0', 64), 'zh-hans', came, %(first)s
FROM known
;
INSERT INTO workflows_process (flow_class, status, created, finished, case_id)
SELECT %(flow)s, CASE WHEN open THEN 'NEW' ELSE 'DONE' END, came,
       CASE WHEN open THEN NULL ELSE came + interval '50 days' END, case_id
FROM known ORDER BY i
;
CREATE TEMP TABLE step ON COMMIT DROP AS
SELECT k.i, k.case_id, p.id AS process_id, n, k.reference, k.name, k.came, k.suspended,
       n < %(steps)s OR NOT k.open AS done,
       (%(nodes)s::text[])[n] AS node,
       CASE WHEN n < %(steps)s OR NOT k.open
            THEN (%(everybody)s::text[])[1 + (k.h / (42 + n)) %% 60]
            ELSE k.wanted END AS candidate,
       CASE WHEN n = 1 AND k.i <= %(finished)s AND NOT k.open THEN %(steady)s
            WHEN n < %(steps)s OR NOT k.open
            THEN COALESCE(NULLIF(%(first)s + (k.h / (60 + n)) %% %(people)s, %(steady)s), %(first)s)
            WHEN NOT k.taken THEN NULL
            WHEN k.wanted = %(desk)s THEN %(steady)s
            WHEN k.wanted LIKE 'window:%%' AND k.h %% 3 = 0 THEN %(busy)s
            ELSE %(first)s + k.place * %(each)s + k.h %% %(each)s END AS owner,
       CASE WHEN n < %(steps)s OR NOT k.open THEN (k.came + n * interval '5 days')::date
            ELSE k.due END AS due
FROM known k JOIN workflows_process p ON p.case_id = k.case_id
     CROSS JOIN generate_series(1, %(steps)s) AS n
;
INSERT INTO workflows_task
    (flow_task, flow_task_type, token, process_id, case_id, owner_id, node, candidate, due,
     reference, programme_key, applicant, round, unit, status, created, finished, paused, stood)
SELECT %(flow)s || '.' || node, 'HUMAN', 'start', process_id, case_id, owner, node, candidate, due,
       reference, 'enterprise_certification', name, 0, '',
       CASE WHEN done THEN 'DONE' WHEN owner IS NULL THEN 'NEW' ELSE 'ASSIGNED' END,
       came + (n - 1) * interval '5 days',
       CASE WHEN done THEN came + n * interval '5 days' - interval '1 hour' END,
       suspended AND NOT done, 0
FROM step ORDER BY i + n * 500, n
;
INSERT INTO workflows_seat
    (case_id, round, node, number, expert_id, code, drawn, scores, remarks, cuts, draft, comment,
     void_reason)
SELECT case_id, 1, 'sheet', n, %(first)s + 200 + (h / 71 + 40 * n) %% 80, 'C' || i || '-' || n,
       came, '{}', '{}', '[]', '{}', '', ''
FROM known CROSS JOIN generate_series(1, 2) AS n WHERE h %% 3 = 0
;
INSERT INTO workflows_meeting (id, number, title, held, written, convenor_id, minutes)
SELECT n, 'crowd' || n, '联席会议', now() - n * interval '1 day', FALSE, %(first)s, ''
FROM generate_series(1, 1 + %(cases)s / 100) AS n
;
INSERT INTO workflows_meetingmember (id, meeting_id, user_id, unit, present)
SELECT 7 * m.id + n, m.id, %(first)s + 210 + n * 10, '', TRUE
FROM workflows_meeting m CROSS JOIN generate_series(0, 6) AS n
;
INSERT INTO workflows_item (id, meeting_id, case_id, position, proposal, result, questions, tally)
SELECT case_id, 1 + i %% (%(cases)s / 100), case_id, i / (%(cases)s / 100), '', 'passed', '', '{}'
FROM known WHERE NOT open
;
INSERT INTO workflows_ballot (item_id, member_id, choice, reason, "cast")
SELECT w.id, 7 * w.meeting_id + n, CASE WHEN (w.id + n) %% 50 = 0 THEN 'recused' ELSE 'agree' END,
       '', now()
FROM workflows_item w CROSS JOIN generate_series(0, 6) AS n
;
INSERT INTO workflows_watch (case_id, user_id, since)
SELECT case_id, %(first)s + i %% %(people)s, now() FROM known
WHERE h %% 15 = 0 AND %(first)s + i %% %(people)s <> %(steady)s
UNION ALL SELECT case_id, %(steady)s, now() FROM known WHERE i <= %(watched)s
;
INSERT INTO workflows_intent
    (task_id, by_id, kind, data, told, batch, state, made, due, settled, refusal)
SELECT t.id, t.owner_id, 'decide', '{}', '', '', CASE WHEN t.status = 'DONE' THEN 'done'
       ELSE 'waiting' END, now(), now(), NULL, ''
FROM workflows_task t WHERE t.owner_id IS NOT NULL AND (t.id %% 500 = 0 AND t.status = 'DONE'
       OR t.id %% 700 = 0 AND t.status = 'ASSIGNED')
;
INSERT INTO benchmarks_matter (id, state, version)
SELECT case_id, 'crowd', 0 FROM known
;
INSERT INTO viewflow_process
    (id, flow_class, status, created, finished, data)
SELECT case_id, %(stock)s, CASE WHEN open THEN 'NEW' ELSE 'DONE' END, came, NULL, '{}' FROM known
;
INSERT INTO benchmarks_stockprocess (process_ptr_id, matter_id)
SELECT case_id, case_id FROM known
;
INSERT INTO viewflow_task
    (process_id, flow_task, flow_task_type, status, created, assigned, finished, token, owner_id,
     owner_permission, data)
SELECT case_id, %(stock_task)s, 'HUMAN',
       CASE WHEN done THEN 'DONE' WHEN owner IS NULL THEN 'NEW' ELSE 'ASSIGNED' END,
       came + (n - 1) * interval '5 days', NULL,
       CASE WHEN done THEN came + n * interval '5 days' - interval '1 hour' END,
       'start', owner, 'workflows.' || candidate, '{}'
FROM step ORDER BY i + n * 500, n
"""


# --- the index of the search ----------------------------------------------------------------------
def _enter(cases: int) -> None:
    """Enter every case: its numbers, its organisation, its answers, and of each tenth a paper.

    The texts are written for some cases and repeated, with numbers of their own, for the others.
    """
    found = Case.objects.filter(begun_with__startswith="crowd").order_by("pk")
    rows = list(found.values_list("pk", "reference", "applicant__uscc", "applicant__name"))
    given = {"first": rows[0][0], "written": WRITTEN, "cases": cases}
    with transaction.atomic():
        indexing.enter_in_bulk(map(_texts, range(WRITTEN), rows))
        with connection.cursor() as cursor:
            for further in range(WRITTEN, cases, WRITTEN):
                cursor.execute(REPEATED, {**given, "further": further})
        indexing.enter_in_bulk(
            (case, reference, uscc, [name], "", {})
            for case, reference, uscc, name in rows[WRITTEN:]
        )
        told = Passage.objects.get(case=rows[cases // 2][0], kind=Passage.Kind.ANSWERS)
        told.text += f"，{ONCE}"
        told.tokens = spelled(told.text)
        told.save()


def _texts(number: int, row: tuple[int, str, str, str]) -> indexing.Bulk:
    """What one case says: sentences of common words, one of a hundred others, and a year."""
    case, reference, uscc, name = row
    draw = random.Random(number)  # noqa: S311 -- the same texts every time
    answers = f"{_sentences(draw, 250)}。{_seldom(number)}，{2016 + number % 11}年"
    paper = {"paper": ("协议.pdf", _sentences(draw, 1_900))} if number % 10 == 0 else {}
    return case, reference, uscc, [name], answers, paper


def _sentences(draw: random.Random, length: int) -> str:
    found: list[str] = []
    while sum(map(len, found)) < length:
        start = draw.randrange(len(COMMON) - 12)
        found.append(COMMON[start : start + draw.randint(3, 12)] + "，。"[draw.random() < 0.2])
    return "".join(found)


def _seldom(number: int) -> str:
    """A word that one case in a hundred says."""
    first, second = divmod(number % 100, 10)
    return f"{SELDOM[first]}{SELDOM[10 + second]}"


REPEATED = """
INSERT INTO workflows_passage (case_id, kind, source, title, part, text, tokens)
SELECT case_id + %(further)s, kind, source, title, part, text, tokens
FROM workflows_passage
WHERE case_id >= %(first)s AND case_id < %(first)s + %(written)s AND kind >= 3
  AND case_id + %(further)s < %(first)s + %(cases)s
"""
