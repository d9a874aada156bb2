"""The Embeddings screen: where tokens lie in the space of meanings."""

from model_backend.serving.questions.maps import warm_up_maps
from pages.common import state
from pages.common.cards import card
from pages.common.door import ask
from pages.common.frame import screen
from pages.common.text import t
from pages.embeddings.analogy import show_analogy
from pages.embeddings.axis import show_axis
from pages.embeddings.map import show_map
from pages.embeddings.matrix import show_similarities
from pages.embeddings.near import show_neighbours, show_pair
from pages.embeddings.points import choose_points, points_of, say_what_is_missing
from pages.embeddings.positions import show_positions
from pages.embeddings.senses import show_senses

with screen("embeddings") as s:
    ask(warm_up_maps)
    with card("embeddings_points", t("Whose vectors?")):
        choose_points(s)
        points = points_of(s, state.get("vectors"))
        say_what_is_missing(points)
    show_map(s, points)
    show_neighbours(s, points)
    show_similarities(s, points)
    show_pair(s, points)
    show_analogy(s)
    show_axis(s)
    show_senses(s)
    show_positions(s)
