"""The models in a process of their own: `python -m scripts.backend 127.0.0.1:8600`.

Screens of other processes ask it where their setting `backend` names that address; both need the same secret in the variable
TOKENSCOPE_BACKEND_KEY. What is offered, the device and the bounds are settings of this process.
"""

import argparse
import os
import sys

from model_backend.serving.desk import Desk
from model_backend.serving.importing import import_engine
from model_backend.serving.remote import KEY_VARIABLE, serve
from pages.common.offer import desk_options
from pages.common.server_settings import SettingsError
from scripts.start_check import check_start


def main() -> None:
    """Check the settings and answer until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="host:port to listen at; keep it on this machine or a network of your own")
    host, _, port = parser.parse_args().address.rpartition(":")
    key = os.environ.get(KEY_VARIABLE, "")
    if not port.isdigit() or not key:
        sys.exit(f"Give an address such as 127.0.0.1:8600, and a long random secret in {KEY_VARIABLE}.")
    try:
        check_start()
    except SettingsError as error:
        sys.exit(str(error))
    import_engine()
    print(f"The models answer at {host}:{port}.", flush=True)
    serve(Desk(**desk_options()), (host or "127.0.0.1", int(port)), key.encode())


if __name__ == "__main__":
    main()
