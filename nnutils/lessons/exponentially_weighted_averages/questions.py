"""Quiz questions of lesson 11."""

from nnutils.checks.exercise import question, right, wrong

too_low_at_first = question(
    "On the first day it is 5 degrees, and the average with beta = 0.98 says 0.1. What is wrong with it?",
    wrong(
        "beta is too large for any series: nobody should use 0.98",
        "After a few windows the average is fine. Only its start suffers.",
    ),
    right(
        "Nearly all its weight, 0.98, still lies on v_0 = 0, which is no temperature",
        "v_1 = 0.98 · 0 + 0.02 · 5. Dividing by 1 - 0.98^1 = 0.02 takes that weight out.",
    ),
    wrong(
        "It is late: it will be right after one day more",
        "On the second day the weights sum to about 0.04. It takes a few times 50 days to get near 1.",
    ),
    wrong(
        "The noise of the first day", "Noise would be as often too high as too low. This is always towards 0."
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
        "It holds twice as many days, is smoother, and is later",
        "The window 1 / (1 - beta) goes from 50 to 100 values.",
    ),
    wrong(
        "It is noisier, because the newest value counts more", "The newest value counts 0.01 instead of 0.02."
    ),
)


what_is_stored = question(
    "An optimiser keeps an average of the gradient of a million weights, with an effective window of 100 steps. How many "
    "numbers does it store for that?",
    right(
        "One million: one for each weight",
        "v is mixed with each new gradient and forgets it. No old gradient is kept, whatever beta is.",
    ),
    wrong(
        "A hundred million: the last 100 gradients",
        "A plain window needs these, to take the oldest out. An exponentially weighted average does not.",
    ),
    wrong("One", "Each weight has a gradient of its own, and so an average of its own."),
    wrong("Two hundred million", "Neither the gradients nor their weights have to be stored."),
)


when_correction_ends = question(
    "After 1 000 steps with beta = 0.9 you leave out the bias correction. What changes?",
    wrong(
        "The average jumps to a tenth of its value",
        "It would if the divisor were 1 - beta. It is 1 - beta^t, and 0.9^1000 is next to nothing.",
    ),
    right(
        "Nothing that you could see",
        "1 - 0.9^1000 is 1 to all digits that a float holds. The correction is for the first few windows.",
    ),
    wrong("It becomes noisier", "All of its weights would change by the same, vanishing, share."),
    wrong(
        "It starts to lag",
        "The lag comes from old values, not from the start at 0, and it is there with and without the correction.",
    ),
)
