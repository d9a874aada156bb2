"""The programs that made the bundled models; nothing here is needed to run the app."""
