"""The case: its legal position and the law of moving it."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, transition

from workflows import programme
from workflows.models.sight import seen
from workflows.models.state import (
    BEFORE_DECISION,
    CLOSED,
    DECIDED,
    IN_HAND,
    PAUSABLE,
    STANDING_STILL,
    State,
)

if TYPE_CHECKING:
    from workflows.edition import Edition as Rules
    from workflows.models.people import User
    from workflows.models.submission import Submission
    from workflows.procedure import Procedure

__all__ = [
    "BEFORE_DECISION", "CLOSED", "DECIDED", "IN_HAND", "PAUSABLE", "STANDING_STILL", "Case",
    "CaseQuerySet", "State", "edges",
]  # fmt: skip


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, by who may see them."""

    def visible_to(self, user: "User") -> Self:
        """Those ``user`` may read: the applicant's and partners', the desk's, or all filed ones.

        Everything else does not exist for that person (404, never 403).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(seen(user))

    def filed(self) -> Self:
        """Those that were submitted: the office knows of no draft, thrown away or not."""
        return self.filter(submitted__isnull=False)

    def open(self) -> Self:
        """Those that still wait for a decision, drafts included."""
        return self.exclude(state__in=CLOSED)


class Case(models.Model):
    """The matter (办件) from an applicant's draft to its outcome.

    Only stage verbs change it, under its row lock; the database refuses moves that are not
    edges of the law and moves without an event in the same transaction.
    """

    State = State
    state_before: str  # while a verb holds the case: where the move began
    process_key: int | None  # while a verb holds the case: its run through the flow
    followed: bool  # while a verb holds the case: somebody watches it or has put off a task of it
    kept: dict[str, Any]  # while a verb holds the case: what the database holds

    reference = models.CharField(max_length=30, unique=True)
    programme_key = models.CharField(max_length=50)
    procedure_key = models.CharField(max_length=30)
    round = models.ForeignKey("workflows.Round", models.PROTECT, related_name="cases")
    edition = models.ForeignKey("workflows.Edition", models.PROTECT, related_name="cases")
    applicant = models.ForeignKey("workflows.Organisation", models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=100, blank=True)  # of what an applicant may have one (X1)
    group = models.CharField(max_length=40, blank=True)  # in which it is ranked
    district = models.CharField(max_length=6)  # the desk that handles it; moves when forwarded
    agency = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, null=True, related_name="evaluated_cases"
    )
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    former_state = models.CharField(max_length=20, blank=True)  # where a suspended case returns to
    outcome = models.CharField(max_length=30, blank=True)  # certified, ...: the programme's word
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_saved = models.DateTimeField(null=True)  # by whomever, by hand or by itself
    corrected = models.BooleanField(default=False)  # the one return of domain 0.5 has been used
    review_round = models.PositiveSmallIntegerField(default=0)
    evaluation_round = models.PositiveSmallIntegerField(default=0)
    deferrals = models.PositiveSmallIntegerField(default=0)
    extended = models.BooleanField(default=False)
    created = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_with = models.CharField(max_length=32, blank=True, default="")  # key of the sent form
    submitted = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)
    decided = models.DateTimeField(null=True)
    due = models.DateField(null=True)  # last day of the decision clock
    due_provisional = models.BooleanField(default=False)
    asked_since = models.DateField(null=True)  # its applicant is asked for material (X19)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)  # panel's or index's
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # granted, 万元
    withdrawal_asked = models.DateTimeField(null=True)  # during the notice the office consents
    withdrawal_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)  # number of the last event
    head = models.CharField(max_length=64, default="0" * 64)  # hash of the last event

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "programme_key", "procedure_key", "subject"],
                condition=~Q(state__in=[state.value for state in CLOSED]),
                name="one_open_case_each",  # X1
            ),
            models.UniqueConstraint(
                fields=["created_by", "begun_with"],
                condition=~Q(begun_with=""),
                name="one_case_a_form",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "district"], name="cases_by_desk"),
            models.Index(fields=["round", "group"], name="cases_by_group"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def programme(self) -> programme.Programme:
        """The kind of recognition this case asks for."""
        return programme.get(self.programme_key)

    @property
    def rules(self) -> "Rules":
        """The edition this case began with and keeps."""
        return self.edition.shape

    @property
    def procedure(self) -> "Procedure":
        """The procedure of the edition that this case follows."""
        return self.rules.procedures[self.procedure_key]

    @property
    def stands_still(self) -> bool:
        """Whether it is suspended, or its applicant asked: the last days of its steps will move.

        A sheet may be handed in meanwhile, though nobody is reminded of it (X19).
        """
        return self.state == State.SUSPENDED or (self.is_open and self.asked_since is not None)

    @cached_property
    def latest(self) -> "Submission | None":
        """The newest submission, or None while drafting."""
        return self.submissions.select_related("applicant").order_by("-number").first()

    @property
    def filed(self) -> "Submission":
        """The newest submission of a case that was submitted."""
        latest = self.latest
        assert latest is not None, "only a submitted case has filed material"
        return latest

    @cached_property
    def weighed(self) -> dict[str, Any]:
        """What the edition said of the answers on the day they were filed last."""
        newest = self.submissions.order_by("-number")
        found: dict[str, Any] = newest.values_list("assessment", flat=True)[0]
        return found

    @property
    def stands(self) -> str:
        """The state for whatever may be seen or done; to be suspended makes no difference."""
        return self.former_state if self.state == State.SUSPENDED else str(self.state)

    @property
    def is_open(self) -> bool:
        """Whether no outcome has been reached."""
        return self.state not in CLOSED

    # --- the law: from where, to where -----------------------------------------------------------
    @transition(state, source=State.DRAFT, target=State.SUBMITTED)
    def submit(self) -> None:
        """The applicant files the signed material."""

    @transition(state, source=State.RETURNED, target=State.SUBMITTED)
    def resubmit(self) -> None:
        """The applicant answers the one correction notice."""

    @transition(state, source=State.SUBMITTED, target=State.RETURNED)
    def return_once(self) -> None:
        """The window names everything to correct, once (行政许可法 32)."""

    @transition(state, source=State.SUBMITTED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The material is complete (行政许可法 32)."""

    @transition(state, source=State.SUBMITTED, target=State.NOT_ACCEPTED)
    def refuse_acceptance(self) -> None:
        """Out of scope, not competent, or a barred applicant (行政许可法 32)."""

    @transition(state, source=State.RETURNED, target=State.ABANDONED)
    def abandon(self) -> None:
        """No correction came in time."""

    @transition(state, source=State.ACCEPTED, target=State.REVIEWING)
    def begin_review(self) -> None:
        """The lower office reviews first (行政许可法 35)."""

    @transition(state, source=State.REVIEWING, target=State.COUNTERSIGN)
    def consult(self) -> None:
        """The departments are asked in parallel."""

    @transition(state, source=State.REVIEWING, target=State.ACCEPTED)
    def review_again(self) -> None:
        """The department review sends the file back to the district."""

    @transition(state, source=State.COUNTERSIGN, target=State.REVIEWING)
    def close_countersign(self) -> None:
        """Every department has answered or may be read as silent."""

    @transition(state, source=State.REVIEWING, target=State.EVALUATING)
    def evaluate(self) -> None:
        """A third party weighs the material; the clock stops (行政许可法 45)."""

    @transition(state, source=State.REVIEWING, target=State.PROPOSAL)
    def stop_on_block(self) -> None:
        """A blocking finding ends the review; a refusal is to be proposed."""

    @transition(state, source=State.EVALUATING, target=State.PROPOSAL)
    def close_evaluation(self) -> None:
        """The last seat has reported."""

    @transition(state, source=State.PROPOSAL, target=State.MEETING)
    def table(self) -> None:
        """The proposal goes to the joint conference."""

    @transition(state, source=State.MEETING, target=State.PROPOSAL)
    def send_back(self) -> None:
        """The conference defers the item or asks questions."""

    @transition(state, source=State.MEETING, target=State.NOTICE)
    def pass_to_notice(self) -> None:
        """The conference agrees; the public is told before the decision."""

    @transition(state, source=State.MEETING, target=State.SIGNING)
    def pass_to_signing(self) -> None:
        """The conference decides against; a refusal needs no notice."""

    @transition(state, source=State.NOTICE, target=State.OBJECTION)
    def object(self) -> None:
        """An objection holds this entry, and only this one."""

    @transition(state, source=State.OBJECTION, target=State.NOTICE)
    def resume_notice(self) -> None:
        """The objection falls while the notice still runs."""

    @transition(state, source=[State.OBJECTION, State.PROPOSAL], target=State.EVALUATING)
    def evaluate_again(self) -> None:
        """What was weighed is in doubt, too few weighed it, or nobody has read it yet."""

    @transition(state, source=[State.NOTICE, State.OBJECTION], target=State.PROPOSAL)
    def reconsider(self) -> None:
        """The objection is upheld, or a new ranking took the place; the entry leaves the list."""

    @transition(state, source=[State.NOTICE, State.OBJECTION], target=State.SIGNING)
    def close_notice(self) -> None:
        """The notice has run its full days without an open objection."""

    @transition(state, source=State.SIGNING, target=State.PROPOSAL)
    def hold_for_integrity(self) -> None:
        """A new finding before sealing sends the case back."""

    @transition(state, source=State.SIGNING, target=State.GRANTED)
    def grant(self) -> None:
        """The sealed decision grants the title."""

    @transition(state, source=State.SIGNING, target=State.REFUSED)
    def refuse(self) -> None:
        """The sealed decision refuses, with reasons and remedies (行政许可法 38)."""

    @transition(state, source=State.SIGNING, target=State.REGISTERED)
    def register(self) -> None:
        """A good project for which no money is left waits in the project register (入库待安排)."""

    @transition(state, source=State.REGISTERED, target=State.PROPOSAL)
    def call_up(self) -> None:
        """Money came free: the next project of the register is proposed again."""

    @transition(state, source=State.SIGNING, target=State.ABANDONED)
    def lapse(self) -> None:
        """The task book was refused or not signed in time (X37)."""

    @transition(state, source=[State.DRAFT, *BEFORE_DECISION], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The applicant takes the application back before the decision, or discards a draft."""

    @transition(state, source=[*IN_HAND, State.SUSPENDED], target=State.TERMINATED)
    def terminate(self) -> None:
        """The applicant ended or the matter fell away (X5)."""

    @transition(state, source=PAUSABLE, target=State.SUSPENDED)
    def suspend(self) -> None:
        """Litigation, investigation or force majeure stops the clock."""

    @transition(
        state,
        source=State.SUSPENDED,
        target=GET_STATE(lambda case: State(case.former_state), states=list(PAUSABLE)),
    )
    def resume(self) -> None:
        """The ground fell away; the case goes on where it stood."""

    @transition(state, source=State.SUSPENDED, target=State.WITHDRAWN)
    def withdraw_suspended(self) -> None:
        """A suspended application may be taken back as well."""


def edges() -> set[tuple[str, str]]:
    """Every move the law allows, (source, target): the table the triggers enforce."""
    found = set()
    for candidate in Case._meta.get_field("state").get_all_transitions(Case):
        target = candidate.target
        targets = target.allowed_states if isinstance(target, GET_STATE) else [target]
        found |= {(str(candidate.source), str(state)) for state in targets}
    return found
