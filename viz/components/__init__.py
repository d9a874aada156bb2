"""Small browser components: a folder each with component.html, component.css, component.js. No build step."""

from pathlib import Path

FOLDER = Path(__file__).parent


def source(name: str) -> dict[str, str]:
    """The html, css and js of one component. Line breaks are added so that Streamlit never takes them for paths."""
    folder = FOLDER / name
    shared = (FOLDER / "shared.css").read_text("utf-8")
    return {
        "html": (folder / "component.html").read_text("utf-8") + "\n",
        "css": shared + (folder / "component.css").read_text("utf-8") + "\n",
        "js": (folder / "component.js").read_text("utf-8") + "\n",
    }
