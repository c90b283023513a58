"""A few of each sort of the corpus through HTTP (S-07); all of it: tests/faults/test_uploads.py."""

from itertools import cycle, groupby
from operator import attrgetter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests import clamd
from tests.forms import corpus
from tests.views.applicant.test_papers import held, upload
from tests.views.applicant.test_uploads import begin, send
from tests.views.public.addresses import browser
from workflows import demo
from workflows.models import Case

pytestmark = pytest.mark.django_db
LARGE = 10_000_000  # bytes; the vast ones take their time


def few() -> list[corpus.Sample]:
    """One of every sort."""
    sorts = groupby(sorted(corpus.bad(), key=attrgetter("why")), attrgetter("why"))
    chosen = [next(sort) for _, sort in sorts]
    return [one for one in chosen if len(one.data) < LARGE]


def test_none_of_a_few_hostile_files_comes_in_by_either_road(
    draft: Case, settings: Settings
) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    with clamd.running() as (settings.HENG_CLAMD, _):
        answers = {
            (one.why, road.__name__): road(clerk, draft, one)
            for one, road in zip(few(), cycle([whole, in_pieces]), strict=False)
        }

    assert len(answers) > 18
    assert {told: status for told, status in answers.items() if status != 422} == {}
    assert held(draft) == []


def test_every_good_file_comes_in(draft: Case, settings: Settings) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    files = [SimpleUploadedFile(name, data) for name, data in corpus.good().items()]

    with clamd.running() as (settings.HENG_CLAMD, _):
        answer = upload(clerk, draft, evidence_c1_c6=files)

    assert answer.status_code == 303
    assert len(held(draft)) == len(files)
    assert set(draft.files.values_list("scan", flat=True)) == {"clean"}


def whole(clerk: Client, case: Case, one: corpus.Sample) -> int:
    """Sent by a plain form, where a name has lost its folders already."""
    name = (
        one.name
        if one.why not in ("path", "reserved character", "invisible character")
        else "a.exe"
    )
    return upload(clerk, case, audit_or_tax=SimpleUploadedFile(name, one.data)).status_code


def in_pieces(clerk: Client, case: Case, one: corpus.Sample) -> int:
    """Sent as the page's own script sends it, up to the answer that ends it."""
    answer = begin(clerk, case, name=one.name, size=len(one.data), sha256="")
    while answer.status_code == 200:
        state = answer.json()
        piece = one.data[state["offset"] : state["offset"] + 4 * 1024**2]
        answer = send(clerk, state["url"], state["offset"], piece)
        if answer.status_code == 200 and answer.json()["done"]:
            return 200
    return answer.status_code
