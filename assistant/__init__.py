"""IMR Assistant: drafts Independent Medical Review rationales whose every sentence shows its support."""

__version__ = "0.1.0"
