"""Text in, domain objects out: files, determination letters, guidelines, case summaries and requests."""
