"""Use-cases: what a person or a script does with a library. They return frozen values and hold no SQL and no SDK."""
