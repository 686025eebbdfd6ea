"""What several exercises of lesson 02 share."""

BIAS, VARIANCE, BOTH, GOOD = "high bias", "high variance", "high bias and high variance", "good fit"
