"""District review, the departments' opinions, and the department review that follows them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.models import Opinion
from workflows.procedure import Department
from workflows.stages import countersign, review
from workflows.views.desk.decisions.checklist import REMAINING, Checklist
from workflows.views.desk.decisions.form import Choice, Decision, words


class Recommend(Decision):
    """The district recommends the file or not; it goes up either way (行政许可法 35)."""

    code = "recommend"
    title = _("District review")
    choices = (
        Choice("recommend", _("Recommend"), _("%(name)s: recommended."), tone="ok", key="a"),
        Choice(
            "not_recommend",
            _("Do not recommend"),
            _("%(name)s: not recommended."),
            tone="danger",
            icon="close",
            key="d",
            needs=("text",),
        ),
    )

    text = words(_("Opinion"), hint=_("Needed when you do not recommend."))

    def act(self) -> None:
        """Hand the district's opinion up."""
        favourable = self.verdict == "recommend"
        review.recommend(
            self.case, favourable=favourable, text=self.cleaned_data["text"], by=self.by
        )


class GiveOpinion(Decision):
    """One department answers what it is asked."""

    code = "opinion"
    title = _("Department opinion")
    template = "workflows/desk/decisions/opinion.html"
    choices = (
        Choice("no_objection", _("No objection"), _("%(name)s: no objection."), tone="ok", key="a"),
        Choice(
            "objection",
            _("Object"),
            _("%(name)s: objection noted."),
            tone="danger",
            icon="close",
            key="d",
            needs=("text",),
        ),
    )

    text = words(
        _("Facts"), hint=_("Needed for an objection: what happened, when, on what record.")
    )

    @property
    def department(self) -> Department | None:
        """The department that is asked, and what it is asked."""
        unit = self.task.unit if self.task else ""
        asked = self.case.procedure.departments
        return next((each for each in asked if each.code == unit), None)

    def act(self) -> None:
        """Give the opinion."""
        countersign.give_opinion(
            self.case,
            department=self.task.unit if self.task else "",
            verdict=self.verdict,
            text=self.cleaned_data["text"],
            by=self.by,
        )


class Conclude(Checklist):
    """After the opinions: on to the evaluation, back to the district, or stop."""

    code = "conclude"
    title = _("Department review")
    template = "workflows/desk/decisions/review.html"
    step = "review"
    demands = "evaluate"
    choices = (
        REMAINING,
        Choice(
            "evaluate",
            _("Send to evaluation"),
            _("%(name)s: sent to evaluation."),
            tone="ok",
            key="a",
        ),
        Choice(
            "back",
            _("Back to the district"),
            _("%(name)s: back to the district."),
            icon="undo",
            key="r",
            needs=("text",),
        ),
        Choice(
            "stop",
            _("Stop the review"),
            _("%(name)s: review stopped."),
            tone="danger",
            icon="close",
            key="d",
            needs=("text",),
            sure=_("Stopping leads to a proposal to refuse. Stop the review?"),
        ),
    )

    text = words(_("Opinion"), hint=_("Needed when the case does not go on."), rows=3)

    def opinions(self) -> Iterator[dict[str, Any]]:
        """What the departments said this round, in the edition's order."""
        names = {each.code: str(each.title) for each in self.case.procedure.departments}
        given = self.case.opinions.filter(
            phase=Opinion.Phase.COUNTERSIGN, round=self.case.review_round
        )
        order = list(names)
        known = [each for each in given if each.unit in names]
        for opinion in sorted(known, key=lambda each: order.index(each.unit)):
            yield {
                "office": names[opinion.unit],
                "opinion": opinion,
                "bad": opinion.verdict == Opinion.Verdict.OBJECTION,
            }

    def act(self) -> None:
        """Conclude the review."""
        text = self.cleaned_data["text"].strip()
        found = self.findings()
        review.conclude(self.case, verdict=self.verdict, text=text, by=self.by, findings=found)
