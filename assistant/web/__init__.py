"""The page: Gradio inside FastAPI, on this machine only; it knows the service and how to show what it returns."""
