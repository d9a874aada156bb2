"""Fine-tunes the bundled storyteller on short dialogues: `python -m training.assistant {prepare,train,export} --help`.

prepare  writes dialogues, mixes in the storyteller's own text, packs rows -> OUT/tokenizer.json, OUT/rows.npz, OUT/plan.json
train    starts from the storyteller's weights, or goes on from a checkpoint -> OUT/checkpoint.pt
export   writes the present checkpoint as a transformers folder            -> --to FOLDER
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F
from transformers import GenerationConfig

from training import checkpoint, program
from training.chat_format import CHAT_TEMPLATE, END_OF_TURN, ROLES, encode_dialogues, learnt, mark
from training.conversations import dialogues
from training.corpus import END
from training.decoder import Decoder, Shape, export
from training.fast_ops import linear_cross_entropy, product_type
from training.mixture import Recipe, training_and_held_out
from training.packing import RowBatches, Rows, each_once, pack
from training.storyteller import decoder_record
from training.tokenizer import encode_documents, id_of, wrap
from training.trainer import default_device

BASE = Path(__file__).parents[1] / "model_backend" / "bundled" / "storyteller"
STEP = 256  # positions
HELD_OUT_DIALOGUES = 400
HELD_OUT_SEED = 1
HELD_OUT_TOKENS = 100 * HELD_OUT_DIALOGUES


@dataclass(frozen=True, eq=False)
class ChatRows(Rows):
    """Rows of which only some targets count: `counted` [n, row_length] bool."""

    counted: np.ndarray

    def batch(self, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        inputs, targets = super().batch(index)
        return inputs, np.where(self.counted[index], targets, -100)


class ChatDecoder(Decoder):
    """The decoder, with only the counted positions sent through the vocabulary."""

    def loss(self, ids: Tensor, targets: Tensor) -> Tensor:
        """ids, targets [batch, pos]; a negative target is not counted -> scalar, nats per counted token"""
        labels = targets.flatten()
        counted = labels.ge(0).nonzero().squeeze(1)
        filling = -len(counted) % STEP  # few different sizes, so that memory is used again and not taken anew
        hidden = self(ids).flatten(0, 1)[F.pad(counted, (0, filling))]  # [counted and filling, d_model]
        weight = self._parts["wte"]["weight"].to(self.compute_dtype)
        return linear_cross_entropy(hidden, weight, F.pad(labels[counted], (0, filling), value=-100))


def chat_rows(documents: list[list[int]], tokenizer: Tokenizer, row_length: int, seed: int) -> ChatRows:
    """Packed rows of conversations and plain documents, both without their `<|endoftext|>`."""
    rows = pack(documents, row_length, id_of(tokenizer, END), seed)
    return ChatRows(rows.rows, rows.n_targets, learnt(rows.rows, tokenizer))


def up_to(documents: list[list[int]], n_tokens: int) -> list[list[int]]:
    """As many of them as fit into `n_tokens`, a mark for each counted."""
    ends = np.cumsum([len(document) + 1 for document in documents])
    return documents[: int(np.searchsorted(ends, n_tokens, side="right"))]


def base_documents(corpora: Path, base: Path, tokenizer: Tokenizer, n_tokens: int, seed: int) -> list[list[int]]:
    """The storyteller's training text, sources in the proportion in which it read them, about `n_tokens` in all."""
    plan = json.loads((base / "training.json").read_text())["plan"]
    training, _ = training_and_held_out(corpora, Recipe.of_plan(plan))
    rng = np.random.default_rng(seed)
    total = sum(plan["tokens_read"].values())
    found = []
    for name, documents in training.items():
        share = plan["tokens_read"][name] / total
        order = rng.permutation(len(documents))[: n_tokens // 8]  # far more than are needed
        found += up_to(encode_documents(tokenizer, [documents[i] for i in order]), round(share * n_tokens))
    return found


def new_dialogues(tokenizer: Tokenizer, seed: int, n_tokens: int, row_length: int) -> tuple[list[list[int]], list[str]]:
    """(token ids of dialogues for `n_tokens`, their texts); a dialogue too long for a row is left out."""
    source, found, texts, total = dialogues(seed), [], [], 0
    while total < n_tokens:
        some = list(islice(source, 500))
        for messages, ids in zip(some, encode_dialogues(tokenizer, some), strict=True):
            if len(ids) < row_length and total < n_tokens:
                found.append(ids)
                texts.append(json.dumps(messages))
                total += len(ids) + 1
    return found, texts


def prepare(args: argparse.Namespace) -> dict:
    """Writes the tokenizer, the rows and the plan into OUT; returns the plan."""
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.save(str(out / "tokenizer.json"))
    n_base = round(args.tokens * args.base_share)
    talks, texts = new_dialogues(tokenizer, args.seed, args.tokens - n_base, args.row_length)
    stories = base_documents(Path(args.corpora), BASE, tokenizer, n_base, args.seed) if n_base else []
    rows = chat_rows(talks + stories, tokenizer, args.row_length, args.seed)
    seen = set(texts)
    test_ids = [
        ids
        for ids, text in zip(*new_dialogues(tokenizer, HELD_OUT_SEED, HELD_OUT_TOKENS, args.row_length), strict=True)
        if text not in seen
    ]
    test = chat_rows(test_ids[:HELD_OUT_DIALOGUES], tokenizer, args.row_length, args.seed)
    np.savez(
        out / "rows.npz", rows=rows.rows, n_targets=rows.n_targets, counted=rows.counted,
        test=test.rows, test_targets=test.n_targets, test_counted=test.counted,
    )  # fmt: skip
    plan = {
        "seed": args.seed,
        "row_length": args.row_length,
        "dialogues": len(talks),
        "dialogue_tokens": sum(len(ids) + 1 for ids in talks),
        "base_documents": len(stories),
        "base_tokens": sum(len(ids) + 1 for ids in stories),
        "n_rows": len(rows.rows),
        "filled": float(rows.n_targets.mean() / args.row_length),
        "counted": float(rows.counted.mean()),
        "held_out_dialogues": len(test_ids[:HELD_OUT_DIALOGUES]),
        "fingerprint": hashlib.sha256(rows.rows.tobytes()).hexdigest()[:16],
    }
    (out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")
    return plan


def start_from(base: Path, tokenizer: Tokenizer, seed: int) -> dict[str, Tensor]:
    """The base model's parameters in float32, the marks' embeddings begun anew.

    The marks were never read, so that training had pushed them to where nothing is predicted; they begin near the mean of all tokens.
    """
    state = {
        name: weight.float()
        for name, weight in load_file(base / "model.safetensors").items()
        if name != "lm_head.weight"
    }
    table = state["transformer.wte.weight"]
    noise = torch.Generator().manual_seed(seed)
    for token in [mark(role) for role in ROLES] + [END_OF_TURN]:
        random = torch.randn(table.shape[1], generator=noise)
        table[id_of(tokenizer, token)] = table.mean(0) + 0.5 * table.std(0) * random
    return state


def held_out_rows(data: dict[str, np.ndarray], batch_rows: int) -> ChatRows:
    """As many whole batches as there are: the compiled kernels know one size."""
    n = max(batch_rows, len(data["test"]) // batch_rows * batch_rows)
    return ChatRows(data["test"][:n], data["test_targets"][:n], data["test_counted"][:n])


def train(args: argparse.Namespace) -> None:
    out = Path(args.out)
    data = np.load(out / "rows.npz")
    config = json.loads((BASE / "config.json").read_text())
    shape = Shape(**{name: config[name] for name in Shape().as_dict()})
    row_length = program.read_plan(out)["row_length"]
    about = {"shape": shape.as_dict(), "batch_rows": args.batch_rows, "row_length": row_length}
    settings = program.settings_of(args, about, held_out_every=args.held_out_every)
    model = ChatDecoder(shape, product_type(default_device()), fused=args.fused and default_device() == "cpu")
    model.load_state_dict(start_from(BASE, Tokenizer.from_file(str(out / "tokenizer.json")), settings.seed))
    program.run(
        args,
        settings,
        model,
        RowBatches(ChatRows(data["rows"], data["n_targets"], data["counted"]), args.batch_rows),
        each_once(held_out_rows(data, args.batch_rows), args.batch_rows),
    )


def export_chat(state: dict[str, Tensor], shape: Shape, tokenizer: Tokenizer, folder: Path) -> None:
    """The model folder, with the chat template and both end tokens: a turn's and a text's."""
    export(state, shape, tokenizer, folder)
    wrapped = wrap(tokenizer, shape.n_positions)
    wrapped.chat_template = CHAT_TEMPLATE
    wrapped.add_special_tokens({"extra_special_tokens": [*(mark(role) for role in ROLES), END_OF_TURN]})
    wrapped.save_pretrained(str(folder))
    end, stop = id_of(tokenizer, END), id_of(tokenizer, END_OF_TURN)
    GenerationConfig(bos_token_id=end, eos_token_id=[stop, end], pad_token_id=end).save_pretrained(str(folder))


def export_checkpoint(args: argparse.Namespace) -> None:
    out = Path(args.out)
    state = checkpoint.of_run(out)
    about = state["settings"]["about"]
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    export_chat(state["model"], Shape(**about["shape"]), tokenizer, Path(args.to))
    record = decoder_record(state, about["batch_rows"] * about["row_length"])
    program.finish_export(args, state, record, "held-out dialogues")


def parser() -> argparse.ArgumentParser:
    top, subs = program.parsers(__doc__)
    prepare, train = subs["prepare"], subs["train"]
    program.add_corpora_option(prepare)
    prepare.add_argument("--tokens", type=int, default=2_500_000, help="of dialogues and stories together")
    prepare.add_argument("--base-share", type=float, default=0.12, help="share of the storyteller's own text")
    prepare.add_argument("--row-length", type=int, default=192)
    prepare.add_argument("--seed", type=int, default=20261122)
    program.add_train_options(train, warmup_tokens=60_000, decay_share=0.5, muon_lr=0.008, adam_lr=1e-3)
    train.add_argument("--batch-rows", type=int, default=16)
    train.add_argument("--held-out-every", type=int, default=100)
    train.add_argument("--fused", action="store_true", help="compile the GELU kernels (needs a C++ compiler)")
    return top


COMMANDS = {"prepare": prepare, "train": train, "export": export_checkpoint}

if __name__ == "__main__":
    program.main(parser(), COMMANDS)
