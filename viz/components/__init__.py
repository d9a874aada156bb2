"""Small browser components: a folder each with component.html, component.css, component.js. No build step.

What would make component.js too long stands in other .js files of the folder, which are put before it.
"""

from pathlib import Path

from viz.theme import css_variables

FOLDER = Path(__file__).parent


def source(name: str) -> dict[str, str]:
    """The html, css and js of one component. Line breaks are added so that Streamlit never takes them for paths.

    Each brings the colours itself: the page's own style sheet may come after the first canvas is painted.
    """
    folder = FOLDER / name
    shared_css, shared_js = ((FOLDER / name).read_text("utf-8") for name in ("shared.css", "shared.js"))
    parts = sorted(path for path in folder.glob("*.js") if path.name != "component.js")
    own_js = "\n".join(path.read_text("utf-8") for path in (*parts, folder / "component.js"))
    return {
        "html": (folder / "component.html").read_text("utf-8") + "\n",
        "css": f":host{{{css_variables()}}}\n" + shared_css + (folder / "component.css").read_text("utf-8") + "\n",
        "js": shared_js + own_js + "\n",
    }
