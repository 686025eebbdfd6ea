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


when_to_pretrain = question(
    "Where does pretraining on unlabelled data promise most?",
    right(
        "Few labels, many unlabelled examples of the same kind, and no trained network to take over",
        "That is the measured case above; with a network to take over, transfer (lesson 18) is cheaper.",
    ),
    wrong("Many labels and few unlabelled examples", "Then the labels say all that the inputs do, and more."),
    wrong(
        "Few labels, and unlabelled examples of something else",
        "The codes describe what they were trained on. Of other things they may describe the wrong aspects.",
    ),
    wrong(
        "Always, since more data never hurt",
        "With all labels the gain above was gone, and the training cost stays.",
    ),
)


a_pretext_that_fails = question(
    "You pretrain on photographs of coins from above, by asking how far each was turned. What goes wrong?",
    wrong("Nothing: turning works for every picture", "It needs pictures that have an upper side."),
    wrong(
        "Four classes are too few to learn from",
        "The number of classes is not the point: two can teach a lot.",
    ),
    wrong("The network will overfit the turns", "It cannot even fit them in a way that means anything."),
    right(
        "A coin may lie in any direction, so the label says nothing that could be seen",
        "The answer is not in the picture. A pretext task teaches only if solving it needs what you want to be learned.",
    ),
)


what_stands_in = question(
    "A language model is trained to guess hidden words of plain text, and then classifies reviews. What is what?",
    wrong("The reviews' classes are the pretext task", "They are the task itself, the one with few labels."),
    right(
        "Guessing words is the pretext task, the model below its head is the encoder that is reused",
        "Exactly as with the autoencoder here, only that the text gives better labels than its mere reconstruction.",
    ),
    wrong(
        "The hidden words are the codes",
        "They are the labels of the pretext task; codes are inside the model.",
    ),
    wrong(
        "It is transfer learning, and no labels were used",
        "Labels were used: those that the text gives for free.",
    ),
)
