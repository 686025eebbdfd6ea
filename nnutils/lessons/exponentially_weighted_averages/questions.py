"""Quiz questions of lesson 11."""

from nnutils.checks.exercise import question, right, wrong

too_low_at_first = question(
    "On the first day it is 5 degrees, and the average with beta = 0.98 says 0.1. What is wrong with it?",
    wrong(
        "beta is too large for any series: nobody should use 0.98",
        "After a few windows the average is fine. Only its start suffers.",
    ),
    right(
        "Nearly all its weight still lies on v_0 = 0",
        "That 0 is no temperature: v_1 = 0.98 · 0 + 0.02 · 5. Dividing by 1 - 0.98^1 = 0.02 takes that weight out.",
    ),
    wrong(
        "It is late: it will be right after one day more",
        "On the second day the weights sum to about 0.04. It takes a few times 50 days to get near 1.",
    ),
    wrong(
        "The noise of the first day",
        "Noise would be too high as often as too low. This error is always towards 0.",
    ),
)


ten_days_after_a_jump = question(
    "For a year it was 10 degrees every day. Then it jumps to 20 and stays. What does an average with beta = 0.9 show on the "
    "tenth day of the new weather?",
    wrong(
        "20 degrees: its window is 10 days",
        "A plain window of ten would. Here the old days still weigh 0.9^10, about a third.",
    ),
    wrong("15 degrees: half old, half new", "Half is reached after about 7 days, where 0.9^k = 1/2."),
    wrong(
        "11 degrees: only a tenth is new",
        "That is the first day of the new weather. Each day brings it a tenth of the rest nearer.",
    ),
    right(
        "About 16.5 degrees",
        "The ten new values weigh 1 - 0.9^10 together, about 0.65, so it has gone 6.5 of the 10 degrees.",
    ),
)


from_98_to_99 = question(
    "You raise beta from 0.98 to 0.99. What do you expect of the average?",
    wrong("Next to no change: beta grows by one percent", "What counts is 1 - beta, and that is halved."),
    wrong(
        "It is less noisy and follows sooner",
        "You cannot have both: an average that forgets more slowly also learns more slowly.",
    ),
    right(
        "It is less noisy and follows later",
        "It holds twice as many days: the window 1 / (1 - beta) goes from 50 to 100 values.",
    ),
    wrong(
        "It is noisier, because the newest value counts more", "The newest value counts 0.01 instead of 0.02."
    ),
)


a_long_memory_of_weights = question(
    "Beside a training of 2 000 steps you keep an average of the weights with beta = 0.9999. It began at the first weights. On dev it "
    "is far worse than the last weights. What is the most likely reason?",
    wrong(
        "Averaged weights are worse than the last ones, as a rule",
        "Where the weights are pushed around by noise, it is the other way round, if the average has had time to forget.",
    ),
    right(
        "It still consists mostly of the first weights",
        "Their share is 0.9999^2000, about 0.82. Forget faster at first, or take a smaller beta.",
    ),
    wrong(
        "It lacks the bias correction: divide it by 1 - 0.9999^2000",
        "That is for an average that began at 0. This one has weights that sum to 1, but most of it belongs to the wrong values.",
    ),
    wrong(
        "beta is too small: with 0.99999 it would be smoother",
        "It would hold even more of the first weights: its window is 100 000 steps.",
    ),
)
