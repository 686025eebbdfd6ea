"""The students as pages name them: by name and login, with links to their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from coursekit.grading.intake.names import page_name
from coursekit.grading.intake.roster import Roster, person_of


@dataclass(frozen=True)
class Named:
    """A student, and where their pages are, seen from the folder of the results; empty where there is none."""

    student: str  # their name in the results: on most platforms a login
    name: str = ""
    feedback: str = ""
    code: str = ""

    @property
    def called(self) -> str:
        """The name, with the login where that is another word."""
        return f"{self.name} ({self.student})" if self.name and self.name != self.student else self.student


@dataclass
class People:
    """Everybody whom the results know, and who else is on the roster."""

    roster: Roster | None = None
    feedback: set[str] = field(default_factory=set)  # students with a page of feedback
    code: set[str] = field(default_factory=set)  # students with a page of their code

    def of(self, student: str) -> Named:
        """The student as the class report names them."""
        page = f"{quote(page_name(student))}.html"
        return Named(
            student,
            person_of(student, self.roster).name,
            f"feedback/{page}" if student in self.feedback else "",
            f"code/{page}" if student in self.code else "",
        )

    def absent(self, seen: Iterable[str]) -> list[str]:
        """Who is on the roster and not among the students that were seen."""
        known = {*seen}
        return [
            person.student
            for person in (self.roster.people if self.roster else ())
            if person.student not in known
        ]
