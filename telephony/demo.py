"""`make demo-telephony`: the example agency with a telephone network of its own, until Ctrl-C.

The customer's telephone is a program that answers and says a tone. Nobody is really called.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

from telephony import parts

PORT = int(os.environ.get("PORT", "8000"))

WHAT_TO_DO = """
The telephone network is up. Open http://localhost:{port}/ in a browser on this machine.

  1. Leave a request to be called at /en/call-me/, "as soon as possible", number 040 123 4567. That
     is given within the agency's hours; at other hours begin with 2 and open a booking instead.
  2. Sign in as the adviser (name and password were shown when the example was loaded). Within the
     hours open Desk, Callbacks, and press Call. At other hours open Desk, find a booking by a word
     of its name, such as "Asiakas", and press the customer's number.
  3. Allow the microphone. The telephone answers: you hear a tone, and what you say is kept in
       {heard}
  4. Hang up, and confirm the outcome of a callback with one press.

How the call goes is in the number's end: 040 123 4486 is busy, 4404 unknown, 4480 cannot be
reached, 4408 rings and nobody answers, 4503 is a broken network.

Ctrl-C stops everything.
"""


def main() -> int:
    absent = parts.missing()
    if absent:
        print(f"Not installed: {', '.join(absent)}. Run 'make telephony' as root once.")
        return 1
    home = Path(os.environ.get("PALVELUVERKKO_HOME", "var")).absolute()
    agency = parts.Agency(
        origin=f"http://localhost:{PORT}", secret=secrets.token_hex(16), web_port=PORT
    )
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="telephony-")))
        running.enter_context(parts.telephone_network(agency, folder))
        environment = {**os.environ, "PALVELUVERKKO_HOME": str(home), **agency.web()}
        program = str(Path(sys.executable).with_name("palveluverkko"))
        subprocess.run([program, "demo", "--no-serve"], env=environment, check=True)
        print(WHAT_TO_DO.format(port=PORT, heard=folder / "phone"), flush=True)
        with suppress(KeyboardInterrupt):
            command = [program, "serve", "--port", str(PORT)]
            return subprocess.run(command, env=environment, check=False).returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
