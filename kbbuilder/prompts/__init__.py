"""Prompt templates, a Markdown file each, one folder a language; and how foreign text is put into a prompt."""

from kbbuilder.prompts.fence import defused, fenced
from kbbuilder.prompts.loader import Prompt, load_prompt

__all__ = ["Prompt", "defused", "fenced", "load_prompt"]
