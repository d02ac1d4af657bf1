"""The browser app: three pages over the services. It shows and asks; it decides nothing."""
