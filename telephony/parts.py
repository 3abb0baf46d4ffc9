"""Kamailio, rtpengine and a telephone, each started in the foreground of one folder.

Needs Debian's packages (`make telephony`). Sound files are 8 kHz mono, as telephones have them.
"""

from __future__ import annotations

import json
import math
import os
import socket
import struct
import subprocess
import time
import wave
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

HERE = Path(__file__).parent
PROGRAMS = ("kamailio", "rtpengine", "baresip")
MODULES = ("auth_ephemeral", "websocket")  # each in a package of its own
RATE = 8_000
UDP, TCP = socket.SOCK_DGRAM, socket.SOCK_STREAM
Process = subprocess.Popen[bytes]


def missing() -> list[str]:
    """What is not installed of programs, and of Kamailio's modules."""
    found = {path.stem for path in Path("/usr/lib").glob("*/kamailio/modules/*.so")}
    programs = [name for name in PROGRAMS if which(name) is None]
    return programs + [f"kamailio's {name}" for name in MODULES if name not in found]


@dataclass(frozen=True)
class Agency:
    """What the web server and our Kamailio must agree on, and where everything listens."""

    origin: str  # of the pages
    secret: str
    number: str = "+358206340000"
    domain: str = "service.test"
    address: str = "127.0.0.1"
    trunk_password: str = ""
    operator_password: str = ""
    web_port: int = 8000
    sip: int = field(default_factory=lambda: free_port(UDP))
    websocket: int = field(default_factory=lambda: free_port(TCP))
    operator: int = field(default_factory=lambda: free_port(UDP))
    phone: int = field(default_factory=lambda: free_port(UDP))
    phone_keys: int = field(default_factory=lambda: free_port(TCP))
    control: int = field(default_factory=lambda: free_port(UDP))

    def web(self) -> dict[str, str]:
        """For the web server's environment."""
        return {
            "DIALLING": "sip",
            "SIP_WS_URL": f"ws://{self.address}:{self.websocket}",
            "SIP_DOMAIN": self.domain,
            "SIP_SECRET": self.secret,
            "SIP_NUMBER": self.number,
        }

    def border(self) -> dict[str, str]:
        """For our Kamailio's."""
        trunk = {"SIP_TRUNK_USER": "agency", "SIP_TRUNK_PASSWORD": self.trunk_password}
        return {
            "SIP_DOMAIN": self.domain,
            "SIP_SECRET": self.secret,
            "SIP_NUMBER": self.number,
            "SIP_TRUNK": f"{self.address}:{self.operator}",
            "SIP_ORIGIN": self.origin,
            "RTPENGINE": f"udp:{self.address}:{self.control}",
            **(trunk if self.trunk_password else {}),
        }

    def switch(self) -> dict[str, str]:
        """For the operator's."""
        asked = {"OPERATOR_PASSWORD": self.operator_password} if self.operator_password else {}
        return {"PHONE": f"{self.address}:{self.phone}", **asked}


@contextmanager
def telephone_network(agency: Agency, home: Path) -> Iterator[None]:
    """Our border, the operator behind it, and the customer's telephone that answers with a tone."""
    at = agency.address
    with ExitStack() as running:
        rtpengine(running, home / "rtpengine", at, agency.control)
        phone(running, home / "phone", at, agency.phone, agency.phone_keys)
        switch, border = agency.switch(), agency.border()
        kamailio(running, home / "operator", "operator.cfg", switch, f"udp:{at}:{agency.operator}")
        wait_for_rtpengine(at, agency.control)
        places = (f"udp:{at}:{agency.sip}", f"tcp:{at}:{agency.websocket}")
        kamailio(running, home / "border", "kamailio.cfg", border, *places)
        wait_for(agency.websocket)
        yield


def kamailio(
    running: ExitStack, home: Path, config: str, environment: Mapping[str, str], *listen: str
) -> Process:
    """One Kamailio; secrets go by the environment, which other users cannot read."""
    home.mkdir(parents=True, exist_ok=True)
    places = [part for place in listen for part in ("-l", place)]
    command = ["kamailio", "-f", str(HERE / config), "-DD", "-E", "-m", "32", "-M", "8"]
    command += ["-Y", str(home), "-P", str(home / "pid"), *places]
    return _start(running, home, command, environment)


def rtpengine(running: ExitStack, home: Path, address: str, control: int) -> Process:
    """In user space; the kernel's module is for hundreds of calls."""
    home.mkdir(parents=True, exist_ok=True)
    command = ["rtpengine", "--table=-1", f"--interface={address}", "--foreground", "--log-stderr"]
    media = media_ports(control)
    command += [f"--listen-ng={address}:{control}", "--config-file=none"]
    command += [f"--port-min={media}", f"--port-max={media + 199}"]
    command += ["--num-threads=2", "--log-level=4"]
    return _start(running, home, command)


def phone(running: ExitStack, home: Path, address: str, port: int, keys: int) -> Process:
    """A telephone that answers at once, says a tone, and keeps what it hears below ``home``.

    It takes commands on the TCP port ``keys``: :func:`press`.
    """
    home.mkdir(parents=True, exist_ok=True)
    write_tone(home / "tone.wav", 440, minutes=15)
    settings = [
        f"sip_listen {address}:{port}",
        "audio_player aubridge,none",
        f"audio_source aufile,{home}/tone.wav",
        "audio_alert aubridge,none",
        "module_path /usr/lib/baresip/modules",
        f"rtp_ports {media_ports(port)}-{media_ports(port) + 199}",
        "rtp_timeout 120",
        f"snd_path {home}",
        *(f"module {name}.so" for name in ("g711", "aufile", "aubridge", "sndfile")),
        f"ctrl_tcp_listen {address}:{keys}",
        *(f"module_app {name}.so" for name in ("account", "menu", "ctrl_tcp")),
    ]
    (home / "config").write_text("\n".join([*settings, ""]), encoding="ascii")
    account = f"<sip:customer@{address}:{port}>;regint=0;answermode=auto;audio_codecs=PCMA,PCMU\n"
    (home / "accounts").write_text(account, encoding="ascii")
    (home / "contacts").touch()
    return _start(running, home, ["baresip", "-f", str(home)])


def press(keys: int, command: str, given: str = "") -> None:
    """A command to the telephone, such as ``hangup`` or ``dial`` (baresip's ``ctrl_tcp``)."""
    word = json.dumps({"command": command, "params": given})
    with socket.create_connection(("127.0.0.1", keys), timeout=5) as line:
        line.sendall(f"{len(word)}:{word},".encode())
        line.recv(1_000)


def heard_by_phone(home: Path, seconds: float = 1.0) -> float:
    """How loud the last of the sound was that came to the phone: the root of its mean square."""
    files = sorted(home.glob("dump-*dec.wav"), key=lambda path: path.stat().st_mtime)
    if not files:
        return 0.0
    raw = files[-1].read_bytes()[44:]  # the head is wrong until the file is closed
    raw = raw[: len(raw) // 2 * 2][-2 * int(RATE * seconds) :]
    samples = struct.unpack(f"<{len(raw) // 2}h", raw)
    return math.sqrt(sum(value * value for value in samples) / len(samples)) if samples else 0.0


def write_tone(path: Path, pitch: int, minutes: int) -> None:
    """A second of it over and over: the telephone hangs up where the file ends."""
    wave_of = (int(9_000 * math.sin(2 * math.pi * pitch * n / RATE)) for n in range(RATE))
    second = b"".join(struct.pack("<h", value) for value in wave_of)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(second * 60 * minutes)


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def media_ports(port: int) -> int:
    """The first of 200 ports for sound, apart from those of most others who run this."""
    return 10_000 + port % 100 * 200


def wait_for(port: int, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"Nothing listens on port {port}.")


def wait_for_rtpengine(address: str, port: int, seconds: float = 20) -> None:
    """Kamailio gives up an rtpengine that does not answer when it starts."""
    ends = time.monotonic() + seconds
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.1)
        probe.connect((address, port))
        while time.monotonic() < ends:
            try:
                probe.send(b"1 d7:command4:pinge")
                if b"pong" in probe.recv(100):
                    return
            except OSError:
                time.sleep(0.05)
    raise RuntimeError("rtpengine does not answer.")


def _start(
    running: ExitStack, home: Path, command: list[str], environment: Mapping[str, str] | None = None
) -> Process:
    log = running.enter_context((home / "log").open("wb"))
    process = subprocess.Popen(
        command,
        cwd=home,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    running.callback(_stop, process)
    return process


def _stop(process: Process) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
