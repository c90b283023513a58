"""The cast of the demonstration: invented organisations, and a sign-in for every role.

Everyone has the same public password, so nothing here works unless ``HENG_DEMO`` is on.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from workflows import audit, clock
from workflows.models import Appointment, Membership, Organisation, User

PASSWORD = "heng-demo-2026"  # noqa: S105 -- public on purpose, refused outside the demonstration
SINCE = date(2019, 1, 1)  # before anything a recording tells of
FOLDER = Path(__file__).parent / "demo_data"
RECORDING = FOLDER / "applications.json"  # what ``make run`` drives
Role = Appointment.Role
LOCAL = {Role.WINDOW: ("window", "受理员"), Role.DISTRICT: ("district", "初审员")}


@dataclass(frozen=True)
class Agency:
    """A contracted evaluation agency."""

    name: str
    uscc: str


@dataclass(frozen=True)
class Post:
    """One person of the cast and what they do; no scope means the whole city."""

    username: str
    name: str
    role: str
    scopes: Sequence[str] = ("",)
    background: str = ""
    unit: str = ""
    agency: Agency | None = None


@dataclass(frozen=True)
class Cast:
    """Who plays which part on a case of one district."""

    window: User
    district: User
    departments: Mapping[str, User]
    officer: User
    leader: User
    finance: User
    agency: User
    institution: Organisation  # the agency itself
    experts: Sequence[User]
    checkers: Sequence[User]
    members: Sequence[tuple[User, str]]  # each with the unit they speak for
    convenor: User
    issuer: User
    seal: User
    auditor: User
    operator: User


@dataclass(frozen=True)
class SignIn:
    """One line of the table a newcomer is shown."""

    role: str
    username: str
    name: str


# --- the office ---------------------------------------------------------------------------------
@transaction.atomic
def cast(district: str, agency: Agency | None = None) -> Cast:
    """The people who handle a case of ``district``, evaluated by ``agency``; created if missing."""
    _only_in_the_demonstration()
    standing = _standing()
    posts = [*standing, *_local(district, standing), *_contracted(agency, standing)]
    users, institutions = _settle(posts)

    def all_of(role: str) -> list[Post]:
        return [post for post in posts if post.role == role]

    def one(role: str, scope: str = "") -> User:
        return next(users[post.username] for post in all_of(role) if scope in post.scopes)

    contractor = next(post for post in all_of(Role.AGENCY) if agency in (None, post.agency))
    return Cast(
        window=one(Role.WINDOW, district),
        district=one(Role.DISTRICT, district),
        departments={post.scopes[0]: users[post.username] for post in all_of(Role.DEPARTMENT)},
        officer=one(Role.CASE_OFFICER),
        leader=one(Role.LEADER),
        finance=one(Role.FINANCE),
        agency=users[contractor.username],
        institution=institutions[contractor.username],
        experts=[users[post.username] for post in all_of(Role.EXPERT)],
        checkers=[users[post.username] for post in all_of(Role.CHECKER)],
        members=[(users[post.username], post.unit) for post in all_of(Role.MEMBER)],
        convenor=one(Role.CONVENOR),
        issuer=one(Role.ISSUER),
        seal=one(Role.SEAL_KEEPER),
        auditor=one(Role.AUDITOR),
        operator=one(Role.OPERATOR),
    )


@cache
def _standing() -> tuple[Post, ...]:
    """The posts that always exist; one desk serves every district of the demonstration's own."""
    home = sorted({each["district_code"] for each in _recorded()})
    posts = json.loads((FOLDER / "people.json").read_text(encoding="utf-8"))
    for post in posts:
        if post["role"] in LOCAL:
            post["scopes"] = home
        if "agency" in post:
            post["agency"] = Agency(**post["agency"])
    return tuple(Post(**post) for post in posts)


@cache
def _recorded() -> list[dict[str, Any]]:
    """The demonstration's organisations, as the recording describes them."""
    found: list[dict[str, Any]] = json.loads(RECORDING.read_text(encoding="utf-8"))["organisations"]
    return found


def _local(district: str, standing: Iterable[Post]) -> Iterator[Post]:
    """The desk of a district that has none yet."""
    for role, (username, name) in LOCAL.items():
        if not any(post.role == role and district in post.scopes for post in standing):
            yield Post(f"{username}.{district}", f"{name}（{district}）", role, [district])


def _contracted(agency: Agency | None, standing: Iterable[Post]) -> Iterator[Post]:
    """The manager of an agency that has none yet."""
    if agency is not None and all(post.agency != agency for post in standing):
        yield Post(f"agency.{agency.uscc.lower()}", "评估负责人", Role.AGENCY, agency=agency)


def _settle(posts: Sequence[Post]) -> tuple[dict[str, User], dict[str, Organisation]]:
    """Create what is missing of people, agencies and offices, in a few statements."""
    users = _accounts({post.username: (post.name, "") for post in posts})
    agencies = {post.username: post.agency for post in posts if post.agency}
    institutions = _institutions(agencies)
    Appointment.objects.bulk_create(
        (
            Appointment(
                user=users[post.username],
                role=post.role,
                scope=scope,
                organisation=institutions.get(post.username),
                background=post.background,
                valid_from=SINCE,
            )
            for post in posts
            for scope in post.scopes
        ),
        ignore_conflicts=True,
    )
    return users, institutions


def _institutions(agencies: Mapping[str, Agency]) -> dict[str, Organisation]:
    """The organisations of ``agencies``, under the same keys; missing ones are entered."""
    Organisation.objects.bulk_create(
        (
            Organisation(name=each.name, uscc=each.uscc, kind="agency", registered=clock.now())
            for each in agencies.values()
        ),
        ignore_conflicts=True,
    )
    codes = [each.uscc for each in agencies.values()]
    found = {each.uscc: each for each in Organisation.objects.filter(uscc__in=codes)}
    return {key: found[each.uscc] for key, each in agencies.items()}


# --- the applicants -----------------------------------------------------------------------------
@transaction.atomic
def organisation(record: Mapping[str, Any]) -> Organisation:
    """The organisation a recording describes, with a clerk and a signer; created if missing."""
    _only_in_the_demonstration()
    found, _ = Organisation.objects.get_or_create(
        uscc=record["uscc"],
        defaults={
            "name": record["org_name"],
            "kind": record["org_kind"],
            "district": record["district_code"],
            "profile": dict(record),
            "registered": clock.now(),
        },
    )
    if not found.memberships.exists():
        _staff(found)
    return found


def _staff(applicant: Organisation) -> None:
    """Give an organisation the two people its profile names."""
    profile, slug = applicant.profile, _slug(applicant)
    email = str(profile.get("contact_email", ""))
    people = {
        f"{slug}.clerk": (str(profile.get("contact_name", "经办人")), email),
        f"{slug}.signer": (str(profile.get("legal_rep", "法定代表人")), ""),
    }
    roles = (Membership.Role.CLERK, Membership.Role.SIGNER)
    for role, user in zip(roles, _accounts(people).values(), strict=True):
        Membership.objects.create(user=user, organisation=applicant, role=role, valid_from=SINCE)


def _slug(applicant: Organisation) -> str:
    """A readable name: the first word of the mail domain, or the credit code if that is taken."""
    domain = str(applicant.profile.get("contact_email", "")).rpartition("@")[2]
    word = domain.partition(".")[0]
    taken = not word or User.objects.filter(username=f"{word}.clerk").exists()
    return applicant.uscc.lower() if taken else word


def clerk(applicant: Organisation) -> User:
    """Who drafts for ``applicant``."""
    return applicant.memberships.select_related("user").get(role=Membership.Role.CLERK).user


def signer(applicant: Organisation) -> User:
    """Who signs for ``applicant``."""
    return applicant.memberships.select_related("user").get(role=Membership.Role.SIGNER).user


# --- all together -------------------------------------------------------------------------------
@transaction.atomic
def load() -> list[SignIn]:
    """Settle the demonstration's organisations and its whole cast; say how to sign in."""
    applicants = [organisation(record) for record in _recorded()]
    for district in sorted({each.district for each in applicants}):
        cast(district)
    held = Membership.objects.filter(organisation__in=applicants).select_related("user")
    return [
        *(SignIn(post.role, post.username, post.name) for post in _standing()),
        *(
            SignIn(f"applicant_{each.role}", each.user.username, each.user.name)
            for each in held.order_by("organisation", "role")
        ),
    ]


def _accounts(people: Mapping[str, tuple[str, str]]) -> dict[str, User]:
    """The accounts called so, username -> (name, e-mail); missing ones are opened."""
    known = User.objects.in_bulk(list(people), field_name="username")
    missing = [username for username in people if username not in known]
    if missing:
        User.objects.bulk_create(
            User(username=each, name=people[each][0], email=people[each][1], password=_hash())
            for each in missing
        )
        audit.record_system("roles", "demo_cast_settled", by=None, usernames=missing)
        known |= User.objects.in_bulk(missing, field_name="username")
    return {username: known[username] for username in people}


@cache
def _hash() -> str:
    """The one password, hashed once: a good hash is slow on purpose."""
    return make_password(PASSWORD)


def _only_in_the_demonstration() -> None:
    if not settings.HENG_DEMO:
        raise ImproperlyConfigured("The demonstration's people exist only where HENG_DEMO is on.")
