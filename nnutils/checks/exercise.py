"""What an exercise is made of: a reference, cases, mistakes, variants and hints.

A module in `nnutils.lessons.<topic>.exercises` declares one with decorators:

    @exercise(points=1, minutes=5, hints=("a nudge", "more", "nearly all"))
    def double(x): ...                        # the reference: pure, didactic, complete in itself

    @double.cases
    def _(rng):
        yield (rng.normal(size=3),)           # one tuple of arguments (or a dict) a case
        yield raises(ValueError, "three")     # a case in which an answer should raise an error

    @double.mistake("You squared x: doubling adds x to itself.")
    def squared(x): ...                       # a wrong version that runs

    @double.variant
    def by_adding(x): ...                     # right, written otherwise

Where the answer is not one array of numbers (a shuffle may be any shuffle), `@double.judge` looks at a result instead:
it gets the arguments by name and the result, and returns None or the sentence that says what is wrong.
"""

from __future__ import annotations

import functools
import inspect
import types
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnutils.checks import faults
from nnutils.checks.faults import Fault
from nnutils.checks.trial import Baseline, Trial

KINDS = ("write", "derive", "repair", "design")
Arguments = dict[str, Any]
Judge = Callable[[Arguments, Any], str | None]


@dataclass(frozen=True)
class Raises:
    """What a generator of cases yields for an error: its class, and the arguments by position and by name."""

    kind: type[Exception]
    arguments: tuple[Any, ...]
    named: Arguments


def raises(kind: type[Exception], *arguments: Any, **named: Any) -> Raises:
    """A case in which an answer should raise `kind` or a subclass, with any message.

    Raises
    ------
    TypeError: `kind` is none of Python's own exceptions: only these can be recognised in every process.
    """
    if not (isinstance(kind, type) and issubclass(kind, Exception) and kind.__module__ == "builtins"):
        raise TypeError(f"raises takes one of Python's own exceptions, not {kind!r}")
    return Raises(kind, arguments, named)


class Raising(Arguments):
    """The arguments of a case that asks for an error. The function that is called gets them like any others."""

    def __init__(self, kind: type[Exception], arguments: Arguments) -> None:
        super().__init__(arguments)
        self.kind = kind


@dataclass(frozen=True)
class Mistake:
    """A wrong version that runs, and what a tutor would say to it.

    `symptom(arguments, result)`, where given, recognises the mistake in any result that shows it, for answers that
    depend on the order of random draws. `faults` are the names of those that are left in it, of a repair.
    """

    function: Callable[..., Any]
    sentence: str
    symptom: Callable[[Arguments, Any], bool] | None = None
    faults: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.function.__name__

    def is_told_as(self, other: Mistake | None) -> bool:
        """Whether `other` says the truth of this one: it is the same, or a part of its faults, which hides the rest."""
        return other is self or (other is not None and bool(other.faults) and other.faults < self.faults)


@dataclass(frozen=True)
class AnswerKey:
    """What an exercise of a released course is checked against: its cases and what came of them, and no answer.

    results: the reference's, or None where the exercise has a judge. mistakes: the runs of each mistake, by its name.
    """

    cases: list[Arguments]
    results: list[Any] | None
    mistakes: dict[str, list[Any]]


@dataclass(eq=False)
class Exercise:
    """One exercise. Calling it calls the reference, so a notebook goes on when an answer is missing."""

    reference: Callable[..., Any]
    points: int
    minutes: int
    hints: tuple[str, ...]
    tolerance: float = 1e-7
    returns: tuple[str, ...] = ()  # names of the parts of a returned tuple, for the diagnosis
    fresh: bool = False  # returned arrays must not share memory with an argument
    part: int | None = (
        None  # only this part of a returned tuple is compared: the others are the student's own
    )
    allows: tuple[str, ...] = ()  # packages or names of libraries that an answer may call
    mistakes: list[Mistake] = field(default_factory=list)
    variants: list[Callable[..., Any]] = field(default_factory=list)
    _cases: Callable[[np.random.Generator], Iterable[Any]] | None = None
    _judge: Judge | None = None
    answer_key: AnswerKey | None = None  # in a released course, which holds no answers
    kind: str = "write"  # one of KINDS
    faults: list[Fault] = field(default_factory=list)  # of a repair
    faulty: str = ""  # of a repair: the source of what a student gets
    thresholds: tuple[float, ...] = ()  # of a design: the scores that earn an equal share of the points each
    baselines: list[Baseline] = field(default_factory=list)  # of a design
    trial_of: Trial | None = None  # of a design

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"an exercise is of the kind {', '.join(KINDS)}, not {self.kind!r}")
        functools.update_wrapper(self, self.reference)
        self.signature = inspect.signature(self.reference)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.reference(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<the course's own {self.name}{self.signature}>"

    @property
    def name(self) -> str:
        return self.reference.__name__

    @property
    def words(self) -> set[str]:
        """The names of arguments and results: they begin a sentence as they are, without a capital."""
        return {*self.signature.parameters, *self.returns}

    @property
    def lesson(self) -> str:
        """The topic of its lesson, from the module that declares it: `nnutils.lessons.<topic>.exercises.<name>`."""
        parts = self.reference.__module__.split(".")
        return parts[2] if parts[:2] == ["nnutils", "lessons"] else parts[-1]

    @property
    def judged(self) -> bool:
        """Whether results are looked at by a judge or a trial, and not compared with the reference's."""
        return self._judge is not None or self.kind == "design"

    @property
    def needs_keras(self) -> bool:
        """Whether answers make Keras models."""
        return any(path.partition(".")[0] in ("keras", "tensorflow") for path in self.allows)

    @property
    def withheld(self) -> bool:
        """Whether only grading can tell if an answer is right: a released course does not hold the judge."""
        return self.answer_key is not None and self.answer_key.results is None

    def cases(self, generate: Callable[[np.random.Generator], Iterable[Any]]) -> Callable[..., Any]:
        """Decorate the generator of cases: `generate(rng)` yields tuples or dicts of arguments, or `raises(...)`."""
        self._cases = generate
        return generate

    def judge(self, look: Judge) -> Judge:
        """Decorate the judge of a result: None where it is right, else the sentence that says what is wrong."""
        self._judge = look
        return look

    def mistake(
        self, sentence: str, symptom: Callable[[Arguments, Any], bool] | None = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a wrong version; `sentence` is told to the student whose results equal its results."""

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            self.mistakes.append(Mistake(function, sentence, symptom))
            return function

        return add

    def fault(self, name: str, sentence: str, *, right: str, wrong: str) -> None:
        """Plant a fault in what a student gets: `wrong` in the place of `right`, which stands once in the reference's body.

        Each combination of faults becomes a mistake; the smallest come first, so that a hidden fault is not told.

        Raises
        ------
        BadFault: it cannot be planted.
        """
        self.faults.append(Fault(name, sentence, right, wrong))
        source = faults.plain_source(self.reference)
        self.faulty = faults.source_with(source, self.faults)
        own = [mistake for mistake in self.mistakes if not mistake.faults]
        self.mistakes[:] = [self._left_over(source, left) for left in faults.combinations(self.faults)] + own

    def _left_over(self, source: str, left: tuple[Fault, ...]) -> Mistake:
        names = [fault.name for fault in left]
        faulty = faults.source_with(source, left)
        function = faults.function_of(faulty, self.name, self.reference.__globals__, "_and_".join(names))
        return Mistake(function, faults.sentence_of(left), faults=frozenset(names))

    def unchanged(self, function: Callable[..., Any]) -> bool:
        """Whether a function is a repair's faulty code as the student got it."""
        code = getattr(function, "__code__", None)
        return bool(self.faulty) and code is not None and faults.same_code(code, self._faulty_code)

    @functools.cached_property
    def _faulty_code(self) -> types.CodeType:
        world = self.reference.__globals__
        return faults.function_of(self.faulty, self.name, world, self.name).__code__

    def trial(self, function: Callable[..., float], runs: int = 3) -> None:
        """Say how a design is tried: by a function of the lesson's `given`, with so many seeds for each case.

        Raises
        ------
        ValueError: it stands elsewhere, where the process that tries designs cannot import it.
        """
        if function.__module__.rpartition(".")[2] != "given":
            raise ValueError(
                f"the trial of {self.name} must stand in given.py of its lesson, not in {function.__module__}"
            )
        self.trial_of = Trial(function, runs)

    def baseline(self, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a plain design, which reaches no threshold; `name` is what the lesson calls it."""

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            self.baselines.append(Baseline(name, function))
            return function

        return add

    def variant(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate a right version that is written otherwise."""
        self.variants.append(function)
        return function

    def draw(self, seed: int | None = None) -> list[Arguments]:
        """The cases of one seed, each a dict of arguments in the order of the signature."""
        if self.answer_key is not None and seed in (None, self.seed):
            return self.answer_key.cases
        if self._cases is None:
            raise TypeError(f"{self.name} has no cases: decorate a generator with @{self.name}.cases")
        rng = np.random.default_rng(self.seed if seed is None else seed)
        drawn = [self._bound(case) for case in self._cases(rng)]
        if not drawn:
            raise ValueError(f"{self.name} has no cases: anything would pass")
        return drawn

    @property
    def seed(self) -> int:
        """The seed of the cases in a notebook: always the same for one exercise."""
        return zlib.crc32(self.name.encode())

    def verdict_on(self, arguments: Arguments, result: Any) -> str | None:
        """What the exercise's judge says of one result. A design may have none: its trial says what is wrong."""
        return self._judge(arguments, result) if self._judge else None

    def _bound(self, case: Any) -> Arguments:
        """The arguments of a case by name: of a tuple, a dict or `raises(...)`."""
        bind = self.signature.bind
        if isinstance(case, Raises):
            bound = bind(*case.arguments, **case.named)
        else:
            bound = bind(**case) if isinstance(case, dict) else bind(*case)
        bound.apply_defaults()
        return Raising(case.kind, bound.arguments) if isinstance(case, Raises) else dict(bound.arguments)


def exercise(
    *,
    points: int,
    minutes: int,
    hints: tuple[str, ...],
    tolerance: float = 1e-7,
    returns: tuple[str, ...] = (),
    fresh: bool = False,
    part: int | None = None,
    allows: tuple[str, ...] = (),
    kind: str = "write",
    thresholds: tuple[float, ...] = (),
) -> Callable[[Callable[..., Any]], Exercise]:
    """Declare the function below as the reference of an exercise.

    `tolerance` is relative, for float64 results; `returns` names the parts of a returned tuple; `part` compares that part
    of it alone; `fresh` refuses results that share memory with an argument; `allows` names what an answer may call
    from nnutils, Keras and the other libraries whose ready answer is refused otherwise. `kind`: "write" what the text says,
    "derive" what it does not say, "repair" faulty code (declare its faults with `.fault`), or "design" (with `.trial`,
    `.baseline` and `thresholds`).
    """

    return lambda reference: Exercise(
        reference,
        points,
        minutes,
        hints,
        tolerance,
        returns,
        fresh,
        part,
        allows,
        kind=kind,
        thresholds=thresholds,
    )


@dataclass
class Option:
    """One answer of a quiz question, and why it is right or wrong."""

    text: str
    reason: str
    right: bool = False


def right(text: str, reason: str) -> Option:
    """The right answer of a question."""
    return Option(text, reason, right=True)


def wrong(text: str, reason: str) -> Option:
    """A wrong answer, with the reason that a student who chose it should read."""
    return Option(text, reason)


@dataclass(eq=False)
class Question:
    """A multiple-choice question; its options are lettered a, b, c, ... in the order given."""

    text: str
    options: tuple[Option, ...]
    points: int = 1
    name: str = ""
    lesson: str = ""

    def lettered(self) -> Iterator[tuple[str, Option]]:
        return zip("abcdefgh", self.options, strict=False)

    @property
    def withheld(self) -> bool:
        """Whether the right option is not told, as in a released course."""
        return not any(option.right for option in self.options)

    @property
    def answer(self) -> str:
        """The letter of the right option.

        Raises
        ------
        StopIteration: it is withheld.
        """
        return next(letter for letter, option in self.lettered() if option.right)


def question(text: str, *options: Option, points: int = 1) -> Question:
    """A quiz question with exactly one right option; its name is the variable that it is assigned to."""
    if sum(option.right for option in options) != 1:
        raise ValueError(f"a question needs exactly one right option: {text!r}")
    return Question(text, options, points)
