"""What a trace says: heads, layers, neurons, attribution, senses, positions, neighbours.

Each takes a Trace or a Model and gives records.
"""

__all__ = [
    "analogies",
    "anatomy",
    "attribution",
    "embeddings",
    "filling",
    "head_maps",
    "head_steps",
    "heads",
    "lattice",
    "looks",
    "neighbours",
    "neurons",
    "positions",
    "scoring",
    "senses",
]
