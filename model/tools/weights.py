"""Reads a Hugging Face classifier of the BERT family into one architecture-neutral form.

Sources of the layouts: transformers `modeling_bert.py`, `modeling_distilbert.py`,
`modeling_roberta.py`. Matrices are kept as `x @ matrix + bias`, shape (inputs, outputs).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from failure import Failure

Tensors = Mapping[str, np.ndarray]


class Linear(NamedTuple):
    """`x @ matrix + bias`: matrix (inputs, outputs), bias (outputs,)."""

    matrix: np.ndarray
    bias: np.ndarray


class Norm(NamedTuple):
    """Layer normalisation over the last axis: weight and bias (hidden,)."""

    weight: np.ndarray
    bias: np.ndarray


class Layer(NamedTuple):
    """One transformer block, normalised after each half (post-LN)."""

    query: Linear
    key: Linear
    value: Linear
    attended: Linear
    attended_norm: Norm
    up: Linear
    down: Linear
    norm: Norm


@dataclass(frozen=True)
class Classifier:
    """All weights of an encoder and its head, and the few numbers that the graph needs."""

    words: np.ndarray
    """(vocabulary, hidden)"""
    positions: np.ndarray
    """(positions, hidden), with the embedding of token type 0 already added"""
    position_offset: int | None
    """RoBERTa counts real tokens from here; None: places count from 0"""
    embedding_norm: Norm
    layers: list[Layer]
    pooler: Linear
    pooler_activation: str
    """ONNX operator between the head's two layers"""
    head: Linear
    heads: int
    epsilon: float


class Layout(NamedTuple):
    """Where one architecture keeps what: prefixes of tensor names and keys of its config."""

    base: str
    layer: str
    parts: tuple[str, ...]
    pooler: str
    pooler_activation: str
    head: str
    heads: str
    depth: str
    activation: str


BERT_PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "attention.output.LayerNorm",
    "intermediate.dense", "output.dense", "output.LayerNorm",
)  # fmt: skip
DISTILBERT_PARTS = (
    "attention.q_lin", "attention.k_lin", "attention.v_lin",
    "attention.out_lin", "sa_layer_norm",
    "ffn.lin1", "ffn.lin2", "output_layer_norm",
)  # fmt: skip

LAYOUTS = {
    "bert": Layout(
        "bert", "encoder.layer", BERT_PARTS, "bert.pooler.dense", "Tanh", "classifier",
        "num_attention_heads", "num_hidden_layers", "hidden_act",
    ),
    "roberta": Layout(
        "roberta", "encoder.layer", BERT_PARTS, "classifier.dense", "Tanh", "classifier.out_proj",
        "num_attention_heads", "num_hidden_layers", "hidden_act",
    ),
    "distilbert": Layout(
        "distilbert", "transformer.layer", DISTILBERT_PARTS, "pre_classifier", "Relu", "classifier",
        "n_heads", "n_layers", "activation",
    ),
}  # fmt: skip


def checked(config: dict) -> Layout:
    """The layout of the config's architecture, or Failure where the graph would differ from it."""
    layout = LAYOUTS.get(config.get("model_type", ""))
    if layout is None:
        known = ", ".join(sorted(LAYOUTS))
        raise Failure(f"model_type {config.get('model_type')!r} is not supported ({known} are)")
    for key in (layout.heads, layout.depth):
        if not isinstance(config.get(key), int):
            raise Failure(f"config.json lacks {key}")
    if config.get(layout.activation, "gelu") != "gelu":
        raise Failure(f"activation {config[layout.activation]!r} is not supported (gelu is)")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise Failure("only absolute position embeddings are supported")
    return layout


def positions_of(model_type: str, embedding: Callable[[str], np.ndarray]) -> np.ndarray:
    """Position embeddings, plus that of token type 0 where the architecture has types."""
    positions = embedding("embeddings.position_embeddings.weight")
    if model_type == "distilbert":
        return positions
    return positions + embedding("embeddings.token_type_embeddings.weight")[0]


def to_classifier(tensors: Tensors, config: dict, temperature: float = 1.0) -> Classifier:
    """Weights by role. The temperature divides the logits (Guo et al. 2017, eq. 9)."""
    layout = checked(config)

    def at(name: str) -> np.ndarray:
        if name not in tensors:
            raise Failure(f"the weights lack {name}: not a {config['model_type']} classifier?")
        return np.asarray(tensors[name], np.float32)

    def linear(name: str) -> Linear:
        return Linear(at(f"{name}.weight").T, at(f"{name}.bias"))

    def norm(name: str) -> Norm:
        return Norm(at(f"{name}.weight"), at(f"{name}.bias"))

    def layer(index: int) -> Layer:
        parts = [f"{layout.base}.{layout.layer}.{index}.{part}" for part in layout.parts]
        kinds = (linear, linear, linear, linear, norm, linear, linear, norm)
        return Layer(*(kind(part) for kind, part in zip(kinds, parts, strict=True)))

    def embedding(name: str) -> np.ndarray:
        return at(f"{layout.base}.{name}")

    head = linear(layout.head)
    roberta = config["model_type"] == "roberta"
    return Classifier(
        words=embedding("embeddings.word_embeddings.weight"),
        positions=positions_of(config["model_type"], embedding),
        position_offset=config.get("pad_token_id", 1) + 1 if roberta else None,
        embedding_norm=norm(f"{layout.base}.embeddings.LayerNorm"),
        layers=[layer(i) for i in range(config[layout.depth])],
        pooler=linear(layout.pooler),
        pooler_activation=layout.pooler_activation,
        head=Linear(head.matrix / np.float32(temperature), head.bias / np.float32(temperature)),
        heads=config[layout.heads],
        epsilon=config.get("layer_norm_eps", 1e-12),
    )
