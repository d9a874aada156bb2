"""The Sampling screen: from the model's scores to the one token that is taken."""

from pages.common.frame import screen
from pages.sampling.screen import show

with screen("sampling") as s:
    show(s)
