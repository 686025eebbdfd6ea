"""Where strangers' code runs: the walls, the process behind them, and what may come out of it."""
