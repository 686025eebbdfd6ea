"""Quiz questions of lesson 20."""

from nnutils.checks.exercise import question, right, wrong

first_look = question(
    "A colleague's network for 20 equally frequent classes reaches 6 % on dev after an hour of training. What do you do first?",
    wrong(
        "Search for a better learning rate overnight",
        "A search assumes that the program is right. If the labels are shifted by one row, no rate helps.",
    ),
    wrong(
        "Make the network larger and train it again",
        "6 % is about chance. That is too little for a small network, too: something is broken.",
    ),
    right(
        "Look at ten inputs with their labels",
        "Then look at the cost of the first step, which should be near ln 20, about 3. Both take a minute, "
        "and many faults end here.",
    ),
    wrong(
        "Collect more data for each of the classes",
        "More data with the same fault are as useless as those you have.",
    ),
)

few_examples = question(
    "A training cannot learn twenty examples by heart, at no rate that you try, with penalty and dropout switched off. "
    "The first cost is ln k. Which explanation fits?",
    right(
        "No weights can make the loss small",
        "So it is with a second softmax: no probability can come near 1, and with equal outputs it begins at ln k as it should.",
    ),
    wrong(
        "There are too few training examples",
        "Few examples are easier to learn by heart, not harder.",
    ),
    wrong(
        "Dev examples are among the training examples",
        "That makes the dev score too good. It does not disturb training at all.",
    ),
    wrong(
        "The network overfits",
        "Then it would learn the twenty with ease: to overfit is what you asked it to do.",
    ),
)

too_good = question(
    "Your network is right on 99.5 % of dev, and on 70 % of what comes in after it is in use. Training looks healthy. "
    "Which probes do you take first?",
    wrong(
        "Update ratios in each layer, and the learning rate",
        "They tell how well the network learns from its data. It learns very well here.",
    ),
    wrong(
        "Activations of the first layer, and their scale",
        "They tell about start and scale. A network of 99.5 % has no problem there.",
    ),
    right(
        "Copies in dev, and features that tell the class",
        "Both show leaks: training examples in dev, or features that name the class almost alone. "
        "Dev is then no longer like new data. A drift of the data is the next suspect.",
    ),
    wrong(
        "A longer training, to close the gap",
        "Training longer fits the leak even better.",
    ),
)

proof = question(
    "You repair something. On one seed the accuracy rises by 2 points. On ten fresh seeds, each with sick and repaired in a pair, six "
    "are better and four are worse. What do you say?",
    wrong("The repair is worth 2 points", "That was one seed, and you looked at it because it was good."),
    wrong("The repair does harm, as four runs are worse", "Four of ten does not show that either."),
    right(
        "Six of ten may be luck",
        "A coin gives 6 of 10 or more in over a third of all cases: the sum of 210, 120, 45, 10 and 1 over "
        "1024 is 0.38. More seeds, or a larger effect, would be needed.",
    ),
    wrong(
        "Ten seeds are enough to say that nothing changed",
        "A small effect may still be there. You only have not shown it.",
    ),
)
