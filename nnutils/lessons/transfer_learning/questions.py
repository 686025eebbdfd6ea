"""Quiz questions of lesson 18."""

from nnutils.checks.exercise import question, right, wrong

why_clone = question(
    "A colleague builds `new = keras.Sequential([*base.layers[:-1], keras.layers.Dense(5)])`, trains `new` with every layer "
    "trainable, and then reads old digits with `base`. What happens?",
    wrong(
        "Nothing: `base` and `new` are two models",
        "Two models, but the same layer objects inside. A model is a list of layers, and the list does not copy them.",
    ),
    wrong(
        "Keras refuses, since a layer may belong to one model only",
        "A layer may belong to many models; that is how weights are shared on purpose.",
    ),
    right(
        "`base` gets worse at the old digits",
        "The layers are shared, so training `new` changed them, and base's old head does not fit them any more.",
    ),
    wrong(
        "`base` gets better, since its layers have seen more data",
        "They have moved to suit another task and another head; the lesson measured what that does to the old one.",
    ),
)


honest_rival = question(
    "A report says: 'with 60 labels our frozen body reads 58 %, and the same network from scratch 30 %.' What would you ask first?",
    wrong(
        "Whether the body was larger than the new task needs",
        "Size alone decides little here; it is the same network on both sides.",
    ),
    right(
        "Whether both had augmented data and a rate of their own",
        "If the network from scratch is trained carelessly, any method looks good beside it. In the lesson "
        "copies alone were worth many points.",
    ),
    wrong(
        "Whether the old task had more than 60 labels",
        "It had, that is the idea of transfer; the question is what else could have reached 58 %.",
    ),
    wrong(
        "Whether all layers were tuned afterwards",
        "They may be, but that would help the side that is ahead already.",
    ),
)


frozen_or_tuned = question(
    "You have 30 labelled pictures of a new kind, and a base that was trained on a million pictures of a related one. What is a "
    "sound first step?",
    wrong(
        "Train all layers at once, at the usual learning rate",
        "The new head is random at first, and its large gradients run down into the layers that you took over.",
    ),
    right(
        "Freeze the base and train a new head",
        "With so few labels, a few parameters are what you can learn; the head must be sensible before "
        "gradients through it are. Then see whether fine-tuning at a low rate adds anything.",
    ),
    wrong(
        "Train a small network from scratch, since it has fewer parameters",
        "It would have to learn from 30 pictures what the base already knows: edges, strokes, corners.",
    ),
    wrong(
        "Freeze the head and train the base",
        "The head is the one part that knows nothing yet, so it is the one that must learn.",
    ),
)


when_lead_shrinks = question(
    "Why does the lead of transfer over training from scratch shrink as labels are added?",
    wrong(
        "The base forgets what it knew when labels are added",
        "The body is frozen here, so it forgets nothing, and the lead shrinks all the same.",
    ),
    wrong(
        "More labels need a larger network",
        "Body and rival have one architecture, at each number of labels.",
    ),
    wrong(
        "With more labels, transfer gets worse",
        "Its accuracy rises with the labels, too, only more slowly: it starts higher.",
    ),
    right(
        "Labels also teach what the base already knows",
        "The network from scratch learns it from them. What the base brings is worth as much as some labels; "
        "the more you have of your own, the less that adds.",
    ),
)
