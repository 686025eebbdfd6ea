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
        "Log for the learning rate, either one for the units",
        "What counts is how many decades a range spans, and whether steps or factors matter.",
    ),
    wrong(
        "It makes no difference if you draw enough points",
        "It does: of a linear draw only 9 points in 10 000 fall into the lowest decade, of a log draw 25 in 100. You would need nearly 300 times as many there.",
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
        "Because a random point lies closer to the optimum than a grid point",
        "A single one does not. But there are more different values, so the nearest of them is closer.",
    ),
    wrong("Because it takes fewer points", "The comparison is at the same number of points."),
)


panda_or_caviar = question(
    "You have one graphics card, and one run of your network takes two weeks. How do you search?",
    wrong("Try a grid of five by five", "That is a year, and only five values of each parameter."),
    wrong(
        "Try twenty-five random points, one after the other",
        "Also a year. Random search is for many short runs, or many machines.",
    ),
    right(
        "Adjust one model by hand while it learns",
        "With one run at a time, every run must teach you something while it goes. Before it, search on a "
        "smaller problem.",
    ),
    wrong(
        "Take the settings of a paper and leave them alone",
        "A good start. But data and network differ, and settings go stale.",
    ),
)


what_to_report = question(
    "You trained 100 settings once each. The best one has a dev loss of 0.150. What do you report, and what do you do before?",
    wrong(
        "0.150, since it was measured",
        "It is the lowest of 100 lucky and unlucky runs, so it is lucky, too.",
    ),
    wrong(
        "The mean dev loss of all 100, since luck cancels out in it",
        "That tells how good random settings are. You will use the chosen ones.",
    ),
    right(
        "The winner's test loss, after fresh runs of the best few",
        "Train the best few again on fresh seeds, and choose the winner by these runs. A loss that chose the "
        "winner cannot report it. What is reported has chosen nothing.",
    ),
    wrong(
        "0.150, as soon as a new run comes out as low",
        "That is one more choice by luck.",
    ),
)
