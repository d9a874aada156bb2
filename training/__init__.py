"""The programs and texts that made the bundled models; README.md tells how. Nothing that runs imports it."""
