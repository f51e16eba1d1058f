"""Chat models on a leash: which one is used, what is sent to it, what it may cost, and what comes back as data."""
