"""A chat turn without a model: a message is routed by rules to one intent, and answered from what is known."""
