"""Pictures: a record goes in, a plotly figure, plain data for a browser component, or HTML comes out."""
