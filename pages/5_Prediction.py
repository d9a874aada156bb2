"""The Prediction screen: the distribution over the token at a place, and what the model makes of the whole text, by its kind."""

from pages.common.frame import screen
from pages.prediction import fill_mask, next_token, translation

SHOW = {"decoder": next_token.show, "encoder": fill_mask.show, "encoder-decoder": translation.show}

with screen("prediction") as s:
    SHOW[s.model.info.kind](s)
