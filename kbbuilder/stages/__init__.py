"""The pipeline's stages: plain functions from values to values, strangers to one another."""
