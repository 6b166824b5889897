"""moto as an emulator of AWS that `cdk deploy` can deploy the gateway to. Prints its address, then serves until its
input ends, and so no longer than whoever started it.

    AWS_REGION=eu-west-1 MOTO_ACCOUNT_ID=000000000000 python3 server.py

moto's own CloudFormation says CREATE_COMPLETE while it skips types that it does not know, forgets DependsOn,
and deletes what is to be retained: `stacks.py` takes its place, with the types of `resource_types.py`.
"""

import os
import sys
from threading import Thread

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

import moto_faults
import stacks
from resource_types import Aws


def main():
    app = DomainDispatcherApplication(create_backend_app)
    # Threads, since a deploy calls this same server.
    server = make_server("127.0.0.1", 0, app, threaded=True)
    endpoint = f"http://127.0.0.1:{server.server_port}"
    # moto's own tasks that call moto read it.
    os.environ["MOTO_PORT"] = str(server.server_port)
    aws = Aws(endpoint, os.environ["MOTO_ACCOUNT_ID"], os.environ["AWS_REGION"])
    moto_faults.mend(aws)
    stacks.install(aws)
    print(endpoint, flush=True)
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
