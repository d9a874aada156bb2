"""Cells for the screen Embeddings."""

from viz.notebooks.look import Look

WIDGETS = {
    "embeddings_map": ("embeddings_method", "embeddings_dimensions"),
    "embeddings_near": ("embeddings_metric", "embeddings_near_"),
    "embeddings_pair": ("embeddings_a_", "embeddings_b_"),
    "embeddings_analogy": ("analogy_a", "analogy_b", "analogy_c"),
    "embeddings_axis": ("axis_pairs", "axis_words"),
    "embeddings_senses": ("senses_word", "senses_sentences"),
}


def points(look: Look) -> str:
    layer = look.shared.get("vectors")
    how = {
        "words": f"embeddings.word_vectors(model, parse_words({look.shared.get('words', '')!r}), {layer!r})",
        "prompt": f"embeddings.prompt_vectors(trace, {layer!r})",
        "vocabulary": f"embeddings.common_tokens(model, 2000, {layer!r})",
    }[look.shared.get("points", "words")]
    return f"""
from model_backend.analysis import embeddings
from model_backend.base.word_lists import parse_words
embeddings_points = {how}
print(embeddings_points.vectors.shape, embeddings_points.labels[:10])
"""


def picture(look: Look) -> str:
    n = look.chosen("embeddings_map", "embeddings_dimensions", 2)
    pca = f"""
import plotly.graph_objects as go
from model_backend.maps import projection
embeddings_map = projection.pca(embeddings_points.vectors, {n})   # points [point, {n}]
x, y = embeddings_map.points.T[:2]
go.Figure(go.Scatter(x=x, y=y, text=embeddings_points.labels, mode="markers+text", textposition="top center")).show()
print(embeddings_map.explained)
"""
    method = look.chosen("embeddings_map", "embeddings_method", "pca")
    if method == "pca":
        return pca
    return f"""{pca}
# The screen shows {method}; the same job, which takes some seconds:
# from model_backend.base.embedding_records import MapSettings
# from model_backend.maps.projection_jobs import jobs
# job = jobs().submit(embeddings_points.vectors, MapSettings(method={method!r}, n_dimensions={n}), "notebook")
"""


def near(look: Look) -> str:
    metric = look.chosen("embeddings_near", "embeddings_metric", "cosine")
    chosen = _place(look, "embeddings_near", "embeddings_near_", 0)
    return f"""
from model_backend.analysis import neighbours
embeddings_near = neighbours.neighbours(embeddings_points.vectors, embeddings_points.vectors[{chosen}], 10, {metric!r}, leave_out=({chosen},))
for i, value in zip(embeddings_near.indices, embeddings_near.values):
    print(embeddings_points.labels[i], round(float(value), 3))
"""


def pair(look: Look) -> str:
    a, b = (_place(look, "embeddings_pair", f"embeddings_{name}_", default) for name, default in (("a", 0), ("b", 1)))
    return f"""
from model_backend.analysis import neighbours
embeddings_pair = neighbours.pair_in_numbers(embeddings_points.vectors[{a}], embeddings_points.vectors[{b}])
print(embeddings_pair.dot, embeddings_pair.norm_a, embeddings_pair.norm_b, embeddings_pair.cosine)
"""


def _place(look: Look, card: str, prefix: str, default: int) -> int:
    """The chosen point: the key of that choice ends with the number of points."""
    chosen = look.shown.get(card, {}).get("chosen", {})
    return next(
        (value for name, value in chosen.items() if name.startswith(prefix) and isinstance(value, int)), default
    )


def analogy(look: Look) -> str:
    words = [look.chosen("embeddings_analogy", f"analogy_{name}", "").strip() for name in "abc"]
    return f"""
from model_backend.analysis import analogies, embeddings
words = {words!r}
asked, common = embeddings.word_vectors(model, words), embeddings.common_tokens(model, 5000)
others = [i for i, label in enumerate(common.labels) if label not in words]
labels = [*dict.fromkeys(words), *(common.labels[i] for i in others)]
rows = [asked.vectors[asked.index(word)] for word in dict.fromkeys(words)]
matrix = np.concatenate([np.stack(rows), common.vectors[others]])
embeddings_analogy = analogies.analogy(matrix, *(labels.index(word) for word in words), k=8)
for i, cosine in zip(embeddings_analogy.indices, embeddings_analogy.cosines):
    print(labels[i], round(float(cosine), 3))
"""


def axis(look: Look) -> str:
    pairs, words = (look.chosen("embeddings_axis", f"axis_{name}", "") for name in ("pairs", "words"))
    return f"""
from model_backend.analysis import analogies, embeddings
from model_backend.base.word_lists import parse_words
pairs = [parse_words(line) for line in {pairs!r}.splitlines() if line.strip()]
ends = embeddings.word_vectors(model, [word for pair in pairs for word in pair])
low, high = (np.stack([ends.vectors[ends.index(pair[i])] for pair in pairs]) for i in (0, 1))
placed = embeddings.word_vectors(model, parse_words({words!r}))
embeddings_axis = analogies.place_on_axis(analogies.axis(low, high), placed.vectors)
print(dict(zip(placed.labels, embeddings_axis.round(3).tolist())))
"""


def senses(look: Look) -> str:
    word, typed = (look.chosen("embeddings_senses", f"senses_{name}", "") for name in ("word", "sentences"))
    return f"""
from model_backend.analysis.senses import senses
lines = [line.partition(":") for line in {typed!r}.splitlines() if line.strip()]
sentences = tuple((sense.strip(), text.strip()) if colon else ("", sense.strip()) for sense, colon, text in lines)
embeddings_senses = senses(model, {word!r}, sentences)
print("different senses", embeddings_senses.between.round(3))
print("same sense", embeddings_senses.within.round(3))
"""


POSITIONS = """
from model_backend.analysis.positions import position_encodings
embeddings_positions = position_encodings(model)
print([(each.kind, each.side) for each in embeddings_positions])
"""
CELLS = {
    "embeddings_points": points,
    "embeddings_map": picture,
    "embeddings_near": near,
    "embeddings_matrix": """
from model_backend.analysis import neighbours
embeddings_matrix = neighbours.similarity_matrix(embeddings_points.vectors[:100])   # cosines [point, point]
print(embeddings_matrix.shape)
""",
    "embeddings_pair": pair,
    "embeddings_analogy": analogy,
    "embeddings_axis": axis,
    "embeddings_senses": senses,
    "embeddings_positions": POSITIONS,
    "embeddings_positions_0": POSITIONS,
}
