"""Tiny models, each built once a session."""

from functools import cache

import pytest
import torch
from transformers.utils import logging

from model_backend import open_model
from model_backend.serving.importing import import_engine
from tests import tiny_models

import_engine()  # as a server begins: what was imported is not searched for garbage at each model
torch.set_num_threads(1)  # small matrices; more threads only wait for each other
logging.disable_progress_bar()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A function: tiny("llama") → the opened Model with random weights of that family."""

    @cache
    def opened(family: str):
        return open_model(str(tiny_models.save(tmp_path_factory.mktemp(family), family)))

    return opened


@pytest.fixture
def tiny_folder(tmp_path):
    """A folder with a whole tiny GPT-2, to be damaged by the test."""
    return tiny_models.save(tmp_path / "model")
