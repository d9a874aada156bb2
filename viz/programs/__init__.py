"""Programs that people see beside a picture and may copy: they compute its numbers with plain torch and transformers.

Nobody imports them while the app runs; `viz/program_text.py` reads their source. A function is shown as it stands, apart from
this: what it is called with stands above it, an `if` that those arguments decide becomes the branch that is taken, and a call
of a function of the same file becomes that function's lines.
"""
