// Whether pictures and sound would get through from here: the signalling is reached, and two
// connections of this page find each other, over our relay where there is one.

/** Names of texts. */
export type Finding =
  | "connection_ok"
  | "connection_relay"
  | "connection_server"
  | "connection_blocked"
  | "too_many"
  | "no_webrtc";

const PATIENCE = 10_000;

export async function tryConnection(ways: string, socket: string, token: string): Promise<Finding> {
  if (!("RTCPeerConnection" in window) || !("WebSocket" in window)) {
    return "no_webrtc";
  }
  let ice: RTCIceServer[];
  try {
    const headers = { "X-CSRFToken": token };
    const response = await fetch(ways, { method: "POST", headers });
    if (response.status === 429) {
      return "too_many";
    }
    ice = ((await response.json()) as { ice: RTCIceServer[] }).ice;
    await within(reachSocket(socket));
  } catch {
    return "connection_server";
  }
  const relay = ice.some((server) => [server.urls].flat().some((url) => url.startsWith("turn")));
  try {
    await within(meetOneself({ iceServers: ice, iceTransportPolicy: relay ? "relay" : "all" }));
    return relay ? "connection_relay" : "connection_ok";
  } catch {
    return "connection_blocked";
  }
}

/** The signalling tells strangers that it is closed to them: then it was reached. */
function reachSocket(path: string): Promise<void> {
  const address = new URL(path, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", page: "test-page", room: "" }));
    socket.onmessage = () => {
      socket.onclose = null;
      socket.close();
      resolve();
    };
    socket.onerror = socket.onclose = () => reject(new Error("no answer"));
  });
}

async function meetOneself(how: RTCConfiguration): Promise<void> {
  const [one, other] = [new RTCPeerConnection(how), new RTCPeerConnection(how)];
  try {
    const met = new Promise<void>((resolve) => {
      other.ondatachannel = ({ channel }) => (channel.onopen = () => resolve());
      if (how.iceTransportPolicy === "relay") {
        // Some relays do not let a client reach itself; that it gave us an address is enough.
        one.onicecandidate = ({ candidate }) => {
          pass(other, candidate);
          if (candidate?.type === "relay") {
            resolve();
          }
        };
      }
    });
    one.onicecandidate ??= ({ candidate }) => pass(other, candidate);
    other.onicecandidate = ({ candidate }) => pass(one, candidate);
    one.createDataChannel("test");
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
    await met;
  } finally {
    one.close();
    other.close();
  }
}

function pass(to: RTCPeerConnection, candidate: RTCIceCandidate | null): void {
  if (candidate !== null) {
    void to.addIceCandidate(candidate).catch(() => undefined);
  }
}

function within<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error("too late")), PATIENCE);
  });
  return Promise.race([work, late]);
}
