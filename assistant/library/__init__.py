"""What is known: guidelines and past determinations, kept in SQL, found by words and by meaning."""
