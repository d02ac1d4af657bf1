"""Text recognition through rapidocr (ONNX models for Chinese and English inside its wheel): the optional extra `ocr`.

Loaded only when a page needs it. Detection sees a smaller copy of the picture, recognition the full one: together a
third of the time and of the memory that both take at full size, for the same characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from kbbuilder.errors import MissingPackage, MissingSystemLibrary
from kbbuilder.language.text import clean
from kbbuilder.ports import PageReader, SeenLine, SeenPicture

PACKAGE = "rapidocr_onnxruntime"
DETECTION_SIDE = 1280
"""Longer side, in pixels, of what the detector sees: an A4 page at 109 dpi."""
MIN_CONFIDENCE = 0.5
"""Below this it is no text but a pattern: left out, as the library itself does."""
MIN_DIRECTION = 0.9
MIN_VOTES = 3
"""A page is turned only when so many lines, and most of them, say so."""


def open_page_reader() -> PageReader:
    """The reader of page pictures, its models loaded.

    Raises:
        MissingPackage: it is not installed.
        MissingSystemLibrary: a system library it needs is not.
    Cost: 0.2 s of CPU and 150 MB; a page then 0.5 s of CPU and 0.12 s a full line, and up to 600 MB at its peak.
    """
    if find_spec(PACKAGE) is None:
        raise MissingPackage(
            "text recognition is not installed", hint='Install it with `pip install "kbbuilder[ocr]"` and try again.'
        )
    try:
        return _RapidOcr()
    except (ImportError, OSError) as error:
        raise MissingSystemLibrary(
            f"text recognition cannot be loaded: {error}",
            fault=str(error),
            hint="Install the system library that is missing (libGL: `apt install libgl1`), "
            "or put opencv-python-headless in the place of opencv-python.",
        ) from error


class _RapidOcr:
    def __init__(self) -> None:
        import cv2
        from rapidocr_onnxruntime import RapidOCR
        from rapidocr_onnxruntime.utils.infer_engine import ONNXRuntimeError

        self._cv2 = cv2
        self._faults = (ONNXRuntimeError, cv2.error, MemoryError)
        cv2.setNumThreads(1)
        self._engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
        # One line at a time: a batch is filled up to its longest line, which costs more than it saves.
        self._engine.text_rec.rec_batch_num = 1

    def read(self, picture: NDArray[np.uint8]) -> SeenPicture | None:
        try:
            return self._seen(picture)
        except self._faults:
            return None

    def _seen(self, picture: NDArray[np.uint8]) -> SeenPicture:
        quarters = 0
        corners = self._corners(picture)
        if _most(_is_upright(quad) for quad in corners):
            quarters, picture = 1, _turned(picture, 1)
            corners = self._corners(picture)
        crops = self._engine.get_crop_img_list(picture, corners)
        # It takes single lines for upside down that are not: only the whole page's vote counts.
        _, directions, _ = self._engine.text_cls(list(crops))
        if _most(label == "180" and sure >= MIN_DIRECTION for label, sure in directions):
            quarters, picture = quarters + 2, _turned(picture, 2)
            corners = self._corners(picture)
            crops = self._engine.get_crop_img_list(picture, corners)
        texts, _ = self._engine.text_rec(crops) if crops else ((), 0.0)
        lines = (
            _line(clean(str(text)).strip(), float(confidence), quad)
            for quad, (text, confidence, *_) in zip(corners, texts, strict=True)
        )
        return SeenPicture(tuple(line for line in lines if line.text and line.confidence >= MIN_CONFIDENCE), quarters)

    def _corners(self, picture: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """The corners of each line, in pixels of the picture: top left, top right, bottom right, bottom left."""
        scale = min(1.0, DETECTION_SIDE / max(picture.shape[:2]))
        small = picture
        if scale < 1.0:
            shrunk = self._cv2.resize(picture, None, fx=scale, fy=scale, interpolation=self._cv2.INTER_AREA)
            small = np.asarray(shrunk, dtype=np.uint8)
        found, _ = self._engine.text_det(small)
        if found is None or len(found) == 0:
            return []
        return [(np.asarray(box) / scale).astype(np.float32) for box in self._engine.sorted_boxes(found)]


def _turned(picture: NDArray[np.uint8], quarters: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _is_upright(quad: NDArray[np.float32]) -> bool:
    """The line runs up or down the picture."""
    width, height = quad.max(axis=0) - quad.min(axis=0)
    return bool(height > 2 * width)


def _most(votes: Iterable[bool]) -> bool:
    cast = list(votes)
    return len(cast) >= MIN_VOTES and sum(cast) > 0.6 * len(cast)


def _line(text: str, confidence: float, quad: NDArray[np.float32]) -> SeenLine:
    """A line from its corners, as `_corners` gives them."""
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    height = (np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    return SeenLine(
        text=text,
        box=(float(left), float(top), float(right), float(bottom)),
        height=float(height),
        confidence=round(min(1.0, max(0.0, confidence)), 3),
    )
