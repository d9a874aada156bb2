"""The version of Tokenscope. It stands here once: the package, notebooks and pictures take it from here."""

VERSION = "0.2.0"
