"""`python -m tests.bench [name]` measures what the book promises; nothing here is a test."""
