"""What students hand in instead of a notebook: a web page, a PDF, a notebook that is cut off and has another name.

Such a file is a submission that cannot be read, where its lesson is known: the student gets 0 points, and is told why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from coursekit.grading.intake.archives import WRONG, FoundFile
from coursekit.grading.intake.submission import Candidate, Collection, Sender
from coursekit.grading.reading.notebook import Unreadable, read, sources_of
from nnutils.words import counted

ORDER = (".ipynb", *WRONG)
WHATEVER_NAME = (
    ".ipynb",
    ".html",
    ".htm",
    ".pdf",
)  # the others stand for a notebook only under the name of a lesson
MOST_NAMES = 5
Wrong = tuple[Sequence[Sender], list[tuple[FoundFile, str | None]]]  # of one place: files with their lessons


@dataclass
class WrongUploads:
    """The files of places that hold no notebook. Which lesson they are for is known only after all places were looked at."""

    found: Collection  # takes the messages
    places: list[Wrong] = field(default_factory=list)
    texts: list[Wrong] = field(default_factory=list)  # what was typed into Moodle's editor

    def add(
        self,
        senders: Sequence[Sender],
        files: Iterable[FoundFile],
        topic_of: Callable[[FoundFile], str | None],
    ) -> None:
        """A place without any notebook of a lesson."""
        self.places.append((senders, [(file, topic_of(file)) for file in sorted(files, key=_order)]))

    def add_text(self, senders: Sequence[Sender], files: Iterable[FoundFile]) -> None:
        """A text of Moodle's editor, which says nothing of its lesson."""
        self.texts.append((senders, [(file, None) for file in files]))

    def say(self, senders: Sequence[Sender], file: FoundFile, why: str) -> None:
        """A message about one file, for the instructor and for the student's page."""
        line = f"{_whose(senders, file)}: left out, {why}"
        self.found.left_out.append(line)
        for sender in senders:
            self.found.unread.setdefault(sender.student, []).append(line)

    def candidates(self, notebooks: Iterable[Candidate]) -> Iterator[Candidate]:
        """The files that stand for a notebook, of students who have none; a message for every other file."""
        have = {candidate.key for candidate in notebooks}
        topics, students = {topic for _, topic in have}, {student for student, _ in have}
        topics |= {
            topic for _, files in self.places for file, topic in files if topic and _stands(file, topic)
        }
        only = next(iter(topics)) if len(topics) == 1 else None
        for senders, files in self.places:
            known = [(file, topic or only) for file, topic in files if _stands(file, topic)]
            file, topic = next(((file, topic) for file, topic in known if topic), (None, None))
            left = [sender for sender in senders if (sender.student, topic) not in have] if file else []
            if file and topic and left:
                students |= {sender.student for sender in left}
                yield from filter(
                    None, (Candidate.of(file, topic, sender, sender.owner.submitted) for sender in left)
                )
            else:
                self._say_nothing_counts(senders, [file for file, _ in files])
        yield from self._of_texts(students, only)

    def _of_texts(self, students: set[str], only: str | None) -> Iterator[Candidate]:
        passed_over = 0
        for senders, files in self.texts:
            for sender in senders:
                alone = sender.student not in students and files and only
                candidate = Candidate.of(files[0][0], str(only), sender, None) if alone else None
                passed_over += candidate is None
                if candidate:
                    yield candidate
        if passed_over:
            texts = counted(passed_over, "text")
            self.found.left_out.append(
                f"{texts} of Moodle's editor left out (online text): notebooks are files"
            )

    def _say_nothing_counts(self, senders: Sequence[Sender], files: list[FoundFile]) -> None:
        """One line about a place of which nothing can be graded."""
        names = ", ".join(_shown(file) for file in files[:MOST_NAMES])
        more = f" and {len(files) - MOST_NAMES} more" if files[MOST_NAMES:] else ""
        whose = " and ".join(dict.fromkeys(sender.student for sender in senders))
        if not files:
            self.found.left_out.append(f"{whose}: no notebook of a lesson")
            return
        line = f"{whose}: left out what is no notebook of a lesson: {names}{more}"
        if why := why_not(files[0]):
            line += f" ({why})"
        self.found.left_out.append(line)
        for sender in senders:
            self.found.unread.setdefault(sender.student, []).append(line)


def _order(file: FoundFile) -> tuple[int, str]:
    """The file that most probably was meant comes first."""
    return (ORDER.index(file.suffix) if file.suffix in ORDER else len(ORDER)), file.shown


def _stands(file: FoundFile, topic: str | None) -> bool:
    """Whether a file can stand for a notebook that cannot be read; `topic` is the lesson that its name names."""
    return file.path is not None and file.suffix in (ORDER if topic else WHATEVER_NAME)


def why_not(file: FoundFile) -> str:
    """Why a file cannot be read as a notebook; empty if it can, or is of another kind."""
    try:
        if file.path and file.suffix in ORDER:
            sources_of(read(file.path), file.name)
    except Unreadable as error:
        return str(error)
    return file.trouble or ""


def _whose(senders: Sequence[Sender], file: FoundFile) -> str:
    """The file, and whose it is, where its place does not say that."""
    students = " and ".join(dict.fromkeys(sender.student for sender in senders))
    return file.shown if file.parts[0] == students else f"{students}: {file.shown}"


def _shown(file: FoundFile) -> str:
    return "/".join(file.parts[1:]) or file.name
