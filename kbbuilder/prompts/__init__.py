"""Prompt templates, a Markdown file each. Their hash is part of a reply's provenance."""

from kbbuilder.prompts.loader import Prompt, load_prompt

__all__ = ["Prompt", "load_prompt"]
