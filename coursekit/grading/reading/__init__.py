"""What a notebook holds, found out without running it."""
