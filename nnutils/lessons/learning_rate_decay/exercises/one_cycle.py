"""Exercise one_cycle: the learning rate of a step that first rises, then falls, then fades out (Smith 2018)."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=2,
    minutes=5,
    hints=(
        "How many steps does the cycle itself take, without the tail? Draw it: two lines up and down, then perhaps a third one.",
        "1 - abs(2 * step / cycle - 1) is 0 at both ends of the cycle and 1 in its middle. What are the two rates between which it "
        "moves? In the tail, the rate is in proportion to the steps that are left.",
        "cycle = (1 - tail) * total; low = start * lr_max; if step > cycle: return low * (total - step) / (total - cycle); "
        "otherwise low + (lr_max - low) * (1 - abs(2 * step / cycle - 1)).",
    ),
)
def one_cycle(step, total, lr_max, start=0.0, tail=0.0):
    """The learning rate of a step of one cycle, made of straight lines.

    step: from 0 to total. total: the number of steps of the run.
    lr_max: the top, in the middle of the cycle.
    start: the cycle begins and ends at start * lr_max; from 0, below 1.
    tail: a share of the run, from 0, below 1. The cycle takes the steps
    before it; in the tail the rate falls on to 0, which it has at total.
    Without a tail the cycle ends at total, and nothing comes after it.
    Returns a float.
    """
    cycle = (1 - tail) * total
    low = start * lr_max
    if step > cycle:
        return low * (total - step) / (total - cycle)
    return low + (lr_max - low) * (1 - abs(2 * step / cycle - 1))


@one_cycle.cases
def _(rng):
    lr_max, total = rng.uniform(0.2, 0.9), int(rng.integers(20, 30)) * 2
    yield 0, total, lr_max
    yield total // 2, total, lr_max
    yield total // 2 - 4, total, lr_max
    yield total // 2 + 15, total, lr_max  # no other curve is as high there, whatever the total
    yield total, total, lr_max
    yield 4, 15, lr_max
    yield 13, 15, lr_max
    yield 0, 80, lr_max, 0.1, 0.25
    yield 12, 80, lr_max, 0.1, 0.25
    yield 30, 80, lr_max, 0.1, 0.25
    yield 52, 80, lr_max, 0.1, 0.25
    yield 60, 80, lr_max, 0.1, 0.25
    yield 61, 80, lr_max, 0.1, 0.25
    yield 71, 80, lr_max, 0.1, 0.25
    yield 80, 80, lr_max, 0.1, 0.25
    yield 80, 80, lr_max, 0.2
    yield 29, 40, lr_max, 0.0, 0.5
    yield 14, 33, lr_max, 0.04, 0.1


def _cycle(
    step, total, lr_max, start, tail, *, half=None, low=None, up=None, at_the_end=0.0, falls_from=None
):
    """One cycle with another half of the cycle, low rate, form of the rise, last rate or first rate of the tail."""
    cycle = (1 - tail) * total
    half = cycle / 2 if half is None else half
    low = start * lr_max if low is None else low
    if step > cycle:
        first = low if falls_from is None else falls_from
        return first + (at_the_end - first) * (step - cycle) / (total - cycle)
    share = step / half if step <= half else (cycle - step) / (cycle - half)
    return low + (lr_max - low) * (share if up is None else up(share))


@one_cycle.mistake(
    "Your top is lower than lr_max, often because the step is divided by the length of the cycle and not by half of it."
)
def half_as_high(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, up=lambda share: share / 2)


@one_cycle.mistake(
    "It stays at the top after the middle of the cycle. In the second half it comes down again."
)
def stays_at_the_top(step, total, lr_max, start=0.0, tail=0.0):
    cycle = (1 - tail) * total
    return _cycle(step, total, lr_max, start, tail) if 2 * step < cycle or step > cycle else lr_max


@one_cycle.mistake(
    "It only falls, from lr_max on. In the first half of the cycle the rate rises from start * lr_max to lr_max."
)
def only_down(step, total, lr_max, start=0.0, tail=0.0):
    cycle, low = (1 - tail) * total, start * lr_max
    return (
        _cycle(step, total, lr_max, start, tail) if step > cycle else lr_max - (lr_max - low) * step / cycle
    )


@one_cycle.mistake(
    "It rises to the end of the cycle. The top is in the middle of the cycle; after it the rate comes down again."
)
def only_up(step, total, lr_max, start=0.0, tail=0.0):
    cycle, low = (1 - tail) * total, start * lr_max
    return _cycle(step, total, lr_max, start, tail) if step > cycle else low + (lr_max - low) * step / cycle


@one_cycle.mistake(
    "It goes on rising past lr_max: in the second half, count the steps that are left of the cycle."
)
def goes_on_rising(step, total, lr_max, start=0.0, tail=0.0):
    cycle, low = (1 - tail) * total, start * lr_max
    return (
        _cycle(step, total, lr_max, start, tail) if step > cycle else low + (lr_max - low) * 2 * step / cycle
    )


@one_cycle.mistake("The rise and the fall are parts of a cosine wave. Here they are straight lines.")
def by_cosine(step, total, lr_max, start=0.0, tail=0.0):
    wave = lambda share: (1 - np.cos(np.pi * share)) / 2  # noqa: E731
    return float(_cycle(step, total, lr_max, start, tail, up=wave))


@one_cycle.mistake("The rise and the fall are parts of a parabola. Here they are straight lines.")
def as_parabola(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, up=lambda share: share * (2 - share))


@one_cycle.mistake("The rise and the fall are parts of a sine wave. Here they are straight lines.")
def as_sine(step, total, lr_max, start=0.0, tail=0.0):
    return float(_cycle(step, total, lr_max, start, tail, up=lambda share: np.sin(np.pi * share / 2)))


@one_cycle.mistake("The cycle is upside down: it begins and ends at lr_max, and is lowest in the middle.")
def upside_down(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, up=lambda share: 1 - share)


@one_cycle.mistake(
    "Where the cycle has an odd number of steps, the top is not in its middle. Often because of // : half of it need not be whole."
)
def half_by_floor(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, half=(1 - tail) * total // 2)


@one_cycle.mistake(
    "You count from 1: step 0 is higher than start * lr_max already, and the end comes a step too early."
)
def cycle_from_one(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step + 1, total, lr_max, start, tail)


@one_cycle.mistake(
    "start has no effect: the cycle begins and ends at 0. It should begin and end at start * lr_max."
)
def begins_at_zero(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, 0.0, tail)


@one_cycle.mistake(
    "start is taken for a rate. It is a share of the top: the cycle begins and ends at start * lr_max."
)
def start_as_a_rate(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, low=start)


@one_cycle.mistake(
    "The top is too high: start * lr_max is added to a rise of lr_max. The rise goes from there to lr_max, so it is smaller."
)
def added_to_the_rise(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max * (1 + start), start, tail, low=start * lr_max)


@one_cycle.mistake(
    "The larger of the two is taken, so the rate stays at start * lr_max for a while. It should rise from there at once, in a "
    "straight line."
)
def rises_late(step, total, lr_max, start=0.0, tail=0.0):
    if step > (1 - tail) * total:
        return _cycle(step, total, lr_max, start, tail)
    return max(start * lr_max, _cycle(step, total, lr_max, 0.0, tail))


@one_cycle.mistake(
    "tail has no effect: the cycle takes the whole run. It should take the first (1 - tail) * total steps."
)
def without_a_tail(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, 0.0)


@one_cycle.mistake(
    "In the tail the rate is 0 from its first step on. It should fall to 0 in a straight line."
)
def falls_at_once(step, total, lr_max, start=0.0, tail=0.0):
    return 0.0 if step > (1 - tail) * total else _cycle(step, total, lr_max, start, tail)


@one_cycle.mistake("In the tail the rate stays at start * lr_max. It should fall on to 0.")
def stays_low(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, at_the_end=start * lr_max)


@one_cycle.mistake(
    "In the tail the rate falls on as steeply as in the cycle, and is 0 too early. It should be 0 at total, and not before."
)
def as_steep_as_before(step, total, lr_max, start=0.0, tail=0.0):
    half, low = (1 - tail) * total / 2, start * lr_max
    return max(0.0, lr_max - (lr_max - low) * abs(step - half) / half)


@one_cycle.mistake("The tail begins at lr_max again. It begins where the cycle ends, at start * lr_max.")
def jumps_to_the_top(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, tail, falls_from=lr_max)


@one_cycle.mistake(
    "tail is taken for the share of the cycle. It is what comes AFTER the cycle, which takes (1 - tail) * total steps."
)
def tail_as_the_cycle(step, total, lr_max, start=0.0, tail=0.0):
    return _cycle(step, total, lr_max, start, 1 - tail if tail else 0.0)


@one_cycle.mistake(
    "The top is in the middle of the RUN. It should be in the middle of the cycle, which ends before the tail."
)
def top_in_the_middle_of_the_run(step, total, lr_max, start=0.0, tail=0.0):
    return (
        _cycle(step, total, lr_max, start, tail, half=total / 2)
        if tail < 0.5
        else _cycle(step, total, lr_max, start, 0.0)
    )


@one_cycle.variant
def by_interpolation(step, total, lr_max, start=0.0, tail=0.0):
    cycle, low = (1 - tail) * total, start * lr_max
    if tail == 0:
        return float(np.interp(step, [0, total / 2, total], [low, lr_max, low]))
    return float(np.interp(step, [0, cycle / 2, cycle, total], [low, lr_max, low, 0]))


@one_cycle.variant
def in_three_phases(step, total, lr_max, start=0.0, tail=0.0):
    low, cycle = lr_max * start, total - tail * total
    if step <= cycle / 2:
        return low + (lr_max - low) * step / (cycle / 2)
    if step <= cycle:
        return lr_max - (lr_max - low) * (step - cycle / 2) / (cycle / 2)
    return low - low * (step - cycle) / (tail * total)
