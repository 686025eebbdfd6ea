"""Quiz questions of lesson 17."""

from nnutils.checks.exercise import question, right, wrong

which_scale = question(
    "You search the number of hidden units from 20 to 200, and the learning rate from 0.0001 to 1. Which scales?",
    wrong(
        "Linear for both",
        "Then only one learning rate in ten is below 0.1, and one in a thousand below 0.001.",
    ),
    wrong(
        "Log for the units, linear for the learning rate",
        "The units span one decade, where it hardly matters. The learning rate spans four.",
    ),
    right(
        "Log for the learning rate; for the units either will do",
        "What counts is how many decades a range spans, and whether steps or factors matter.",
    ),
    wrong(
        "It makes no difference if you draw enough points",
        "It does: you would need a thousand times as many.",
    ),
)


why_random = question(
    "Why does random search beat a grid of as many points when only one of the parameters matters?",
    right(
        "Each of its points tries a new value of the parameter that matters",
        "A grid spends most of its points on repeating values that it has tried already.",
    ),
    wrong(
        "Because it finds out which parameter matters",
        "It knows nothing about that. You may read it off the results afterwards.",
    ),
    wrong(
        "Because random points lie closer to the optimum",
        "A single one does not. There are more different values, so the nearest of them is closer.",
    ),
    wrong("Because it takes fewer points", "The comparison is at the same number of points."),
)


beta_step = question(
    "Which step changes an exponentially weighted average the most?",
    wrong("From 0.9 to 0.9005", "It looks back about ten steps, before and after."),
    wrong("From 0.5 to 0.6", "From a window of 2 to one of 2.5: a quarter more."),
    wrong("From 0.9 to 0.92", "From a window of 10 to one of 12.5: a quarter more."),
    right("From 0.999 to 0.9995", "The window 1 / (1 - beta) doubles, from 1000 to 2000."),
)


what_ei_weighs = question(
    "Two candidates have the same predicted mean loss, a little above the best so far. Which has the higher expected improvement?",
    wrong(
        "The one with the smaller std: it is the safer bet",
        "It is a safe bet on being no improvement at all.",
    ),
    right(
        "The one with the larger std: it has a better chance to be much lower",
        "A loss that is worse costs nothing here, since the best so far remains. So spread only helps.",
    ),
    wrong("Neither: the means are equal", "The improvement is cut off at 0, and so the spread counts."),
    wrong("Neither: both means are above the best, so both expect 0", "That would be so only if std were 0."),
)


panda_or_caviar = question(
    "You have one graphics card, and one run of your network takes two weeks. How do you search?",
    wrong("A grid of five by five", "That is a year, and only five values of each parameter."),
    wrong(
        "Twenty-five random points, one after the other",
        "Also a year. Random search is for many short runs, or many machines.",
    ),
    right(
        "Watch one model and adjust it by hand as it learns; search on a smaller problem before",
        "With one run at a time, every run must teach you something while it goes.",
    ),
    wrong(
        "Take the settings of a paper and leave them alone",
        "A good start. But data and network differ, and settings go stale.",
    ),
)
