// Whether anything still comes from the other side. The browser itself calls a connection lost after
// some seven seconds; packets tell it sooner. A muted page without a microphone sends no sound, but
// answers the checks of the way every 2.5 seconds.

const EVERY = 1_000;
const SILENT = 3_000; // milliseconds without anything at all

export class Pulse {
  alive = true;
  private count = -1;
  private changedAt = 0;
  private readonly timer: number;

  constructor(
    private readonly connection: RTCPeerConnection,
    private readonly changed: () => void,
  ) {
    this.timer = window.setInterval(() => void this.beat(), EVERY);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    if (this.connection.connectionState !== "connected") {
      this.count = -1; // the browser knows itself that something is wrong
      return;
    }
    const count = await received(this.connection);
    const now = performance.now();
    if (count !== this.count) {
      this.count = count;
      this.changedAt = now;
    }
    const alive = now - this.changedAt < SILENT;
    if (alive !== this.alive) {
      this.alive = alive;
      this.changed();
    }
  }
}

/** Everything that has come: sound, picture, reports, and checks of the way. */
async function received(connection: RTCPeerConnection): Promise<number> {
  let found = 0;
  (await connection.getStats()).forEach((one: Record<string, unknown>) => {
    if (one.type === "candidate-pair") {
      found += Number(one.responsesReceived ?? 0) + Number(one.requestsReceived ?? 0);
    } else if (one.type === "transport") {
      found += Number(one.packetsReceived ?? one.bytesReceived ?? 0);
    } else if (one.type === "inbound-rtp") {
      found += Number(one.packetsReceived ?? 0);
    }
  });
  return found;
}
