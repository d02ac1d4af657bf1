"""One third-party package a file, each behind a port. Only `bootstrap` imports from here."""
