"""Partners: the units that apply together with the lead."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners, by what they have been told."""

    def told(self, organisations: Iterable[int]) -> Self:
        """Those of ``organisations`` that take part and may read: they were asked, or it is filed.

        The lead may mistype a code; until it asks, a draft is nobody else's.
        """
        known = Q(asked__isnull=False) | Q(case__submitted__isnull=False)
        return self.filter(known, organisation__in=organisations, left=None)


class Partner(models.Model):
    """One partner of a joint application and its own word for it.

    A confirmation counts for the draft it was given to (``digest``) and for no other.
    """

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, related_name="partnerships"
    )
    name = models.CharField(max_length=100)  # as the lead wrote it
    role = models.CharField(max_length=30)  # enterprise, school, park, association
    position = models.PositiveSmallIntegerField()
    asked = models.DateTimeField(null=True)  # from then on the partner may read the draft
    refused = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)
    confirmed = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    digest = models.CharField(max_length=64, blank=True)  # sha256 of the answers confirmed
    left = models.DateTimeField(null=True)
    left_reason = models.TextField(blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    approved = models.DateTimeField(null=True)  # a substitute needs the office's approval (X36)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation"],
                condition=models.Q(left=None),
                name="a_partner_once_a_case",
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
