"""Quiz questions of lesson 19."""

from nnutils.checks.exercise import question, right, wrong

who_gives_the_labels = question(
    "An autoencoder is trained by the same rule as a classifier. What are its labels?",
    wrong(
        "The classes of the few labelled examples",
        "It sees no class at all; that is why it can use all examples.",
    ),
    wrong("The codes", "Nobody knows the right codes beforehand: they are what it finds."),
    right("The inputs themselves", "The target of each example is the example, so every example has one."),
    wrong(
        "Clusters found beforehand", "That would be another pretext task; an autoencoder needs no clusters."
    ),
)


why_a_threshold = question(
    "You train with pseudo-labels and keep all of them, whatever the model's probability. What do you expect?",
    wrong(
        "The model improves in each round, since it sees more labels",
        "They are its own answers. A label that it gave itself tells it nothing new where it was wrong.",
    ),
    right(
        "Its mistakes become labels, and most stay",
        "That was measured above: at threshold 0 nearly all wrong labels of the first round are there in the last.",
    ),
    wrong(
        "It forgets the true labels, because they are few",
        "They stay in the training set in each round, and the model keeps fitting them.",
    ),
    wrong(
        "Nothing changes at all, as it fits its own answers exactly",
        "Its boundary moves, as it now fits many examples near it; but little is gained by that.",
    ),
)


a_pretext_that_fails = question(
    "You pretrain on photographs of coins from above, by asking how far each was turned. What goes wrong?",
    wrong("Nothing: turning works for every picture", "It needs pictures that have an upper side."),
    wrong(
        "Four classes are too few to learn from",
        "The number of classes is not the point: two can teach a lot.",
    ),
    wrong(
        "Somebody has to name the coins first",
        "The label is the turn, and the program turned the picture itself. Nobody has to name anything.",
    ),
    right(
        "The turn cannot be seen in the picture",
        "A coin may lie in any direction, so the answer is not in the picture. A pretext task teaches only "
        "if solving it needs what you want to be learned.",
    ),
)


what_views_decide = question(
    "You pretrain a contrastive network on pictures of traffic lights, and one of the changes gives each view a random colour. What will "
    "its codes lack?",
    wrong(
        "Where the light stands",
        "Views differ in colour only, so place and shape help to find the partner and are kept.",
    ),
    right(
        "Which colour the light has",
        "Two views of one picture have different colours, so colour does not help to find the partner, and the network learns to "
        "ignore it. Only the place of the lamp may still tell red from green.",
    ),
    wrong(
        "Nothing: without labels a network keeps everything",
        "It keeps what helps to find the partner; the changes decide what that is.",
    ),
    wrong(
        "The background",
        "The background is the same in both views: it even helps to find the partner.",
    ),
)
