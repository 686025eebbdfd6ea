"""`nnutils bench`: nnutils beside its peers, on the same arrays, in turns, in process time."""
