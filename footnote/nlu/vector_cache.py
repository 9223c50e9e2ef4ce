"""Keep the training questions' vectors, so that training again encodes only what is new."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from footnote.nlu.sentence_model import DIMENSIONS, SentenceModel

logger = logging.getLogger(__name__)
KEY_BYTES = 16


def encode(
    model: SentenceModel,
    texts: Sequence[str],
    file: Path,
    workers: int = 1,
    also: Sequence[Path] = (),
) -> np.ndarray:
    """Encode texts, taking from a file what was encoded before.

    The file is then written anew, with these texts' vectors and no others. One that cannot be
    read or written costs time only.

    Args:
        model: the encoder.
        texts: any number of texts.
        file: where the vectors are kept (npz).
        workers: see `SentenceModel.encode`.
        also: files of other texts, which may have some of these; they stay as they are.

    Returns:
        float32 array of shape (len(texts), 384), the same as the encoder alone gives.
    """
    # The model's checksum is in each key, so another model's vectors are never taken.
    identity = model.identity()
    keys = [_key(identity, text) for text in texts]
    own = _read(file)
    known = {key: vector for other in also for key, vector in _read(other).items()} | own
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        fresh = model.encode(list(missing.values()), workers=workers)
        known.update(zip(missing, fresh, strict=True))
    if not own.keys() >= set(keys):
        _write(file, {key: known[key] for key in keys})
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    return np.stack([known[key] for key in keys])


def _key(identity: str, text: str) -> bytes:
    return hashlib.sha256(f"{identity}\n{text}".encode()).digest()[:KEY_BYTES]


def _read(file: Path) -> dict[bytes, np.ndarray]:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            keys, vectors = arrays["keys"], arrays["vectors"]
        if vectors.shape != (len(keys), DIMENSIONS) or vectors.dtype != np.float32:
            raise ValueError("not vectors of this kind")
    except FileNotFoundError:
        return {}
    except Exception as error:
        # A damaged archive raises whatever its reader happens to stumble over.
        logger.warning("%s is made anew: %s", file.name, error)
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def _write(file: Path, vectors: dict[bytes, np.ndarray]) -> None:
    keys = np.frombuffer(b"".join(vectors), dtype=np.uint8).reshape(-1, KEY_BYTES)
    fresh = file.with_name(f"{file.stem}.new.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(fresh, keys=keys, vectors=np.stack(list(vectors.values())))
        fresh.replace(file)
    except OSError as error:
        logger.warning("%s could not be kept: %s", file.name, error.strerror)
