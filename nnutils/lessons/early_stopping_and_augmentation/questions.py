"""Quiz questions of lesson 05."""

from nnutils.checks.exercise import question, right, wrong

why_two_jobs = question(
    "Early stopping is cheap and works. What is held against it?",
    wrong("It needs a dev set", "So does any choice of a hyperparameter, that of lambda as well."),
    right(
        "It mixes two jobs: fitting J, and not overfitting",
        "You cannot set one without the other. With L2 you train until J no longer falls, and set lambda "
        "for the rest. A change of the learning rate moves the right moment to stop, and not the right "
        "lambda.",
    ),
    wrong(
        "It makes the weights larger",
        "The reverse: the weights grow in training, and stopping early leaves them smaller.",
    ),
    wrong(
        "It only works with gradient descent, and not with Adam",
        "Any method that improves a model step by step can be stopped, and so can Adam.",
    ),
)


which_flip_hurts = question(
    "You train on photographs of cats and dogs. Which change would you leave out?",
    wrong(
        "A mirror, left to right",
        "A cat that looks to the left is a cat. This is the most common change of all.",
    ),
    wrong("A crop at a random place", "Cats are met at any place of a picture."),
    wrong("A little more or less contrast", "Light varies in what the network will meet."),
    right(
        "A mirror, top to bottom",
        "Cats on their heads are hardly ever met. It costs capacity and training time, and brings nothing.",
    ),
)


what_patience_does = question(
    "The dev loss is noisy: it jumps up and down by a few per cent from epoch to epoch. What happens with patience = 1?",
    right(
        "Training probably ends too early",
        "It ends at the first jump upwards: one worse epoch is enough. With noise, patience must outlast a "
        "run of bad luck.",
    ),
    wrong("Training never ends, because of the jumps", "It ends as soon as one epoch is no better."),
    wrong(
        "The best epoch so far is lost",
        "The best weights so far are kept, whatever patience is. But the search for better ones ends too soon.",
    ),
    wrong(
        "Nothing: noise averages out over epochs",
        "Patience looks at each epoch by itself and averages nothing.",
    ),
)
