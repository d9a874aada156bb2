"""Small browser components: a folder each with component.html, component.css, component.js. No build step."""

from pathlib import Path

FOLDER = Path(__file__).parent


def source(name: str) -> dict[str, str]:
    """The html, css and js of one component. Line breaks are added so that Streamlit never takes them for paths."""
    folder = FOLDER / name
    shared_css, shared_js = ((FOLDER / name).read_text("utf-8") for name in ("shared.css", "shared.js"))
    return {
        "html": (folder / "component.html").read_text("utf-8") + "\n",
        "css": shared_css + (folder / "component.css").read_text("utf-8") + "\n",
        "js": shared_js + (folder / "component.js").read_text("utf-8") + "\n",
    }
