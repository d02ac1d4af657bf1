"""LlamaIndex's SentenceSplitter behind the `TextSplitter` port: long prose cut at sentence ends of both languages."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter as _LlamaSplitter

# A sentence ends after its mark and any closing quotes; the white space after belongs to it. Latin marks need a blank
# after them ("3.5", "e.g.x"), Chinese ones do not.
_SENTENCE = re.compile(r".+?(?:[。！？；…]+[”’」』）)\"']*\s*|[.!?;]+[\"'”’)]*\s+|\n+|$)", re.S)
# So does a clause; "3,000" and "std::string" have no end in them. Every character is in one: what is in none is lost.
_CLAUSE = r"(?s).+?(?:[，、：]+|[,:]+(?=\s)|$)"


class LlamaIndexSplitter:
    """Cuts text into pieces of whole sentences. LlamaIndex is loaded at the first long text (4 s), not before."""

    def split(self, text: str, max_chars: int) -> list[str]:
        """Pieces of at most `max_chars` characters where sentences allow; joined in order they are `text` again, up to
        white space at the seams. Nothing overlaps.

        Raises:
            ValueError: `max_chars` is not positive.
        """
        if max_chars < 1:
            raise ValueError("max_chars must be positive")
        if len(text) <= max_chars:
            return [text] if text.strip() else []
        return [piece for piece in _splitter(max_chars).split_text(text) if piece.strip()]


@cache
def _splitter(max_chars: int) -> _LlamaSplitter:
    from llama_index.core.node_parser import SentenceSplitter as LlamaSentenceSplitter

    # Its "tokens" are whatever the tokenizer returns: characters here, as the house counts sizes in characters.
    return LlamaSentenceSplitter(
        chunk_size=max_chars,
        chunk_overlap=0,
        tokenizer=list,
        paragraph_separator="\n\n",
        chunking_tokenizer_fn=sentences,
        secondary_chunking_regex=_CLAUSE,
        include_metadata=False,
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text; joined they are the text.

    >>> sentences("先断电。再拆机！Wait 3.5 s. Then go.")
    ['先断电。', '再拆机！', 'Wait 3.5 s. ', 'Then go.']
    """
    return [match.group(0) for match in _SENTENCE.finditer(text)]
