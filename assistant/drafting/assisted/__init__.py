"""Where a chat model helps a draft: it points to words and rewords sentences; all of it is checked or thrown away."""
