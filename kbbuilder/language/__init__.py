"""What kbbuilder knows of Chinese and English: cleaning, tokens, question forms, facts that must not change.

Pure functions over strings; every rule has a side for each language. Stages, store and services build on it.
"""
