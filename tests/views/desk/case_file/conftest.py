"""The ground of these tests."""

import pytest

from tests.views.desk.conftest import At
from workflows import demo
from workflows.models import Case
from workflows.stages import (
    withdrawal,
)


@pytest.fixture
def asked(at: At) -> Case:
    """A case in public notice whose signer asks to take it back."""
    case = Case.objects.get(state="notice")
    withdrawal.ask(case, reason="材料有误，需要撤回", by=demo.signer(case.applicant))
    return case
