"""Hands at a browser without a mouse, and how much they had to do.

One action is one press of a button or link, or one field filled (interface 5). Walking there with
Tab is not counted, as moving a pointer is not; whatever it stops at must be seen to have the focus.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FilePayload, Locator, ViewportSize

from tests.journeys.people import PHONE, WIDE, Person, Town
from workflows.models import User
from workflows.recording import acts

LONGEST_WALK = 400  # stops of the Tab key
HERE = "control => control === document.activeElement"
TOGETHER = """control => control === document.activeElement ||
  (control.type === "radio" && control.name === document.activeElement.name)"""
# Drawn as focused, itself or by its label, and not hidden behind anything (WCAG 2.4.11): a tall
# control may reach under a bar.
SEEN = """control => {
  const label = control.labels?.[0] ?? control.closest("label");
  const drawn = [control, label, control.nextElementSibling].filter(Boolean).some(each => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
  const box = control.getBoundingClientRect();
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const free = [0.1, 0.5, 0.9].some(part => {
    const over = document.elementFromPoint(x, box.top + part * box.height);
    return over && (control.contains(over) || over.contains(control) || label?.contains(over));
  });
  return drawn && free;
}"""


@dataclass(frozen=True)
class Way:
    """How somebody comes: in which language, at which screen, whether scripts run."""

    language: str
    screen: ViewportSize
    scripts: bool

    def __str__(self) -> str:
        scripts = "scripts" if self.scripts else "no scripts"
        return f"{self.language} {self.screen['width']} {scripts}"

    def person(self, town: Town, user: User | None = None) -> Person:
        """Somebody who comes this way."""
        return town.person(user, language=self.language, scripts=self.scripts, screen=self.screen)


WAYS = [
    Way("zh-hans", WIDE, scripts=True),
    Way("en", PHONE, scripts=True),
    Way("zh-hans", PHONE, scripts=False),
    Way("en", WIDE, scripts=False),
]
FAR_APART = [WAYS[0], Way("en", PHONE, scripts=False)]  # two that share nothing


@dataclass
class Hands:
    """A person's hands on the keyboard; they count."""

    person: Person
    presses_done: int = 0
    fields_filled: int = 0

    @property
    def actions(self) -> int:
        """Everything that was done."""
        return self.presses_done + self.fields_filled

    # --- pressing -------------------------------------------------------------------------------
    def follows(self, link: Locator) -> None:
        """Go where ``link`` leads."""
        self._leaves_by(link)

    def presses(self, words: str, *, within: str = "main", refused: int = 0) -> None:
        """Press the button or link that says ``words``; ``refused`` is an expected status."""
        place, said = self.person.page.locator(within), self.person.says(words)
        button = place.get_by_role("button", name=said, exact=False)
        way = button.or_(place.get_by_role("link", name=said)).first
        with self.person.expecting(refused or 200):
            self._leaves_by(way)

    def goes_to(self, link: Locator) -> None:
        """Follow ``link`` to a place on the same page."""
        self._walks_to(link)
        self.person.page.keyboard.press("Enter")
        self.presses_done += 1

    def downloads(self, link: Locator) -> bytes:
        """The file behind ``link``."""
        self._walks_to(link)
        with self.person.page.expect_download() as download:
            self.person.page.keyboard.press("Enter")
        self.presses_done += 1
        return download.value.path().read_bytes()

    def _leaves_by(self, way: Locator) -> None:
        self._walks_to(way)
        with self.person.page.expect_navigation():
            self.person.page.keyboard.press("Enter")
        self.presses_done += 1
        self.person.looks()

    # --- filling in -----------------------------------------------------------------------------
    def fills(self, control: Locator, value: Any) -> None:
        """Choose or type one value."""
        typed = {True: "true", False: "false"}.get(value) or str(acts.as_answer(value))
        kind = control.first.evaluate("control => control.type")
        self.fields_filled += 1
        if kind == "radio":
            self._turns_to(control.and_(self.person.page.locator(f"[value='{typed}']")))
        elif kind == "checkbox":
            self._walks_to(control)
            if not control.is_checked():
                self.person.page.keyboard.press("Space")
        elif kind == "select-one":
            self._picks(control, typed)
        else:
            self._walks_to(control)
            self.person.page.keyboard.press("Control+a")
            self.person.page.keyboard.insert_text(typed)

    def hands_over(self, control: Locator, file: FilePayload) -> None:
        """Choose a file; the window for that is the system's, not the page's."""
        self._walks_to(control)
        control.set_input_files(file)
        self.fields_filled += 1

    def _turns_to(self, option: Locator) -> None:
        """Walk to a group of options, then along it with the arrows."""
        self._walks_to(option, TOGETHER)
        for _stop in range(LONGEST_WALK):
            if option.is_checked():
                return
            here = option.evaluate(HERE)
            self.person.page.keyboard.press("Space" if here else "ArrowDown")
        raise AssertionError(f"{option} cannot be reached with the arrows")

    def _picks(self, control: Locator, value: str) -> None:
        self._walks_to(control)
        values = control.evaluate("control => [...control.options].map(each => each.value)")
        self.person.page.keyboard.press("Home")
        for _step in range(values.index(value)):
            self.person.page.keyboard.press("ArrowDown")
        assert control.input_value() == value

    # --- walking --------------------------------------------------------------------------------
    def _walks_to(self, control: Locator, arrived: str = HERE) -> None:
        keyboard = self.person.page.keyboard
        for _stop in range(LONGEST_WALK):
            if control.evaluate(arrived):
                break
            keyboard.press("Tab")
        assert control.evaluate(arrived), f"{control} is not reached by the Tab key"
        reached = self.person.page.locator("*:focus").element_handle()
        self.person.page.wait_for_function(SEEN, arg=reached)  # a strip may still be scrolling
