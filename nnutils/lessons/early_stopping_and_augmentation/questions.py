"""Quiz questions of lesson 05."""

from nnutils.checks.exercise import question, right, wrong

why_two_jobs = question(
    "Early stopping is cheap and works. What is held against it?",
    wrong("It needs a dev set", "Any choice of a hyperparameter does."),
    right(
        "One knob does two jobs: it ends the fitting of J and it prevents overfitting, so you cannot improve one without the other",
        "With L2 you train until J is small, and set lambda for the rest. Stopped early, J is not as small as it could be.",
    ),
    wrong(
        "It makes the weights larger",
        "The reverse: training starts at small weights, and stopping early leaves them smaller.",
    ),
    wrong(
        "It only works with gradient descent", "Any method that improves a model step by step can be stopped."
    ),
)


which_flip_hurts = question(
    "You train on handwritten digits. Which augmentation teaches the network something false?",
    wrong("Shifting a picture by one pixel", "A shifted three is a three."),
    wrong("A little more contrast", "The digit stays what it was."),
    wrong("Cropping a pixel at the border", "The digits leave a border; little is lost."),
    right("Turning it by 180 degrees", "A six becomes a nine, and the label still says six."),
)


what_patience_does = question(
    "The dev loss is noisy: it jumps up and down by a few per cent from epoch to epoch. What happens with patience = 1?",
    right(
        "Training ends at the first jump upwards, probably much too early",
        "One worse epoch is enough. With noise, patience must outlast a run of bad luck.",
    ),
    wrong("Training never ends", "It ends as soon as one epoch is no better."),
    wrong(
        "The best epoch is lost",
        "The best weights so far are kept, whatever patience is. But the search for better ones ends too soon.",
    ),
    wrong(
        "Nothing: noise averages out over epochs",
        "Patience looks at each epoch by itself and averages nothing.",
    ),
)


why_augment_only_train = question(
    "Why is the dev set not augmented with random crops and flips?",
    wrong("It would take too long", "It would take no longer than for training."),
    wrong(
        "It may be; it makes no difference",
        "It does: random crops make the measured error noisy, and mostly larger.",
    ),
    right(
        "It should look like what the network will meet, and be the same in each measurement",
        "Augmentation is a means of training. The dev set measures, on data as they are.",
    ),
    wrong(
        "Because then it would be part of the training set",
        "Changing examples does not move them into another set.",
    ),
)
