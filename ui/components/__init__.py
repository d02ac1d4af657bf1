"""Pieces of the pages: each draws plain values."""
