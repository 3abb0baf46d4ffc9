// The pictures: one tile a person, one's own among them; what is shown, or was chosen, is large.
import { element } from "../page";
import type { Texts } from "./devices";
import type { Person } from "./peers";

interface Tile {
  box: HTMLElement;
  video: HTMLVideoElement;
  name: HTMLElement;
  facts: HTMLElement;
  pin: HTMLButtonElement;
  who: string;
}

export interface Facts {
  microphone: boolean;
  camera: boolean;
  shows: string;
}

export const OWN = 0;
const ALL: Facts = { microphone: true, camera: true, shows: "" };

export class Stage {
  private readonly tiles = new Map<number, Tile>();
  private readonly facts = new Map<number, Facts>();
  private readonly states = new Map<number, string>();
  private pinned: number | null = null;
  private speaker = "";

  constructor(
    private readonly box: HTMLElement,
    private readonly texts: Texts,
    private readonly roles: Texts,
    private readonly needsPress: () => void,
  ) {}

  name(person: Person): string {
    return person.label || (this.roles[person.role] ?? person.role);
  }

  nameOf(number: number): string {
    return this.tiles.get(number)?.who ?? this.texts.other ?? "";
  }

  /** Everybody else who is inside; their tiles come and go with them. */
  people(people: Person[]): void {
    const there = new Set([OWN, ...people.map((person) => person.number)]);
    for (const [number, tile] of this.tiles) {
      if (!there.has(number)) {
        tile.box.remove();
        this.tiles.delete(number);
        this.facts.delete(number);
        this.states.delete(number);
      }
    }
    this.tile(OWN, this.texts.you ?? "");
    for (const person of people) {
      const tile = this.tile(person.number, this.name(person));
      tile.box.classList.toggle("tile--away", person.away);
      this.states.set(person.number, person.away ? "away" : "");
    }
    this.arrange();
  }

  has(number: number): boolean {
    return this.tiles.has(number);
  }

  stream(number: number, stream: MediaStream | null): void {
    const tile = this.tiles.get(number);
    if (tile === undefined) {
      return;
    }
    if (tile.video.srcObject !== stream) {
      tile.video.srcObject = stream;
    }
    if (stream !== null && number !== OWN) {
      tile.video.play().catch(() => this.needsPress());
    }
  }

  /** One's own picture: a mirror, except what is shown. */
  own(track: MediaStreamTrack | null, facts: Facts): void {
    const tile = this.tile(OWN, this.texts.you ?? "");
    const now = tile.video.srcObject instanceof MediaStream ? tile.video.srcObject.getTracks()[0] : undefined;
    if (now !== (track ?? undefined)) {
      tile.video.srcObject = track === null ? null : new MediaStream([track]);
    }
    tile.video.classList.toggle("mirrored", facts.shows === "");
    this.tell(OWN, facts);
  }

  tell(number: number, facts: Facts): void {
    this.facts.set(number, facts);
    this.arrange();
  }

  /** After a press: browsers want one before sound in a page that was loaded again. */
  play(): void {
    this.tiles.forEach((tile) => void tile.video.play().catch(() => undefined));
  }

  setSpeaker(id: string): void {
    this.speaker = id;
    this.tiles.forEach((tile) => this.speak(tile.video));
  }

  clear(): void {
    this.tiles.clear();
    this.facts.clear();
    this.states.clear();
    this.pinned = null;
    this.box.replaceChildren();
  }

  private speak(video: HTMLVideoElement): void {
    if (this.speaker !== "" && "setSinkId" in video) {
      void (video.setSinkId as (id: string) => Promise<void>)(this.speaker).catch(() => undefined);
    }
  }

  private tile(number: number, who: string): Tile {
    const known = this.tiles.get(number);
    if (known !== undefined) {
      known.who = who;
      known.name.textContent = who;
      return known;
    }
    const box = element("figure", "", { class: "tile" });
    box.dataset.seat = String(number);
    const video = document.createElement("video");
    video.autoplay = video.playsInline = true;
    video.muted = number === OWN;
    const caption = element("figcaption", "", { class: "tile__caption" });
    const name = element("span", who, { class: "tile__name" });
    const facts = element("span", "", { class: "tile__facts" });
    const pin = element("button", "", { type: "button", class: "tile__pin" });
    pin.addEventListener("click", () => this.choose(number));
    caption.append(name, facts);
    box.append(video, caption, pin);
    const made = { box, video, name, facts, pin, who };
    this.tiles.set(number, made);
    this.speak(video);
    this.box.append(box);
    return made;
  }

  private choose(number: number): void {
    this.pinned = this.pinned === number ? null : number;
    this.arrange();
    this.tiles.get(number)?.pin.focus();
  }

  /** Large: what was chosen, else what somebody shows; with two people, the other one. */
  private arrange(): void {
    if (this.pinned !== null && !this.tiles.has(this.pinned)) {
      this.pinned = null;
    }
    const showing = [...this.facts].find(([number, facts]) => facts.shows !== "" && this.tiles.has(number));
    const large = this.pinned ?? showing?.[0] ?? this.onlyOther();
    this.box.classList.toggle("stage--large", large !== null);
    this.box.dataset.count = String(this.tiles.size);
    for (const [number, tile] of this.tiles) {
      const facts = this.facts.get(number) ?? ALL;
      const picture = facts.camera || facts.shows !== "";
      tile.box.classList.toggle("tile--large", number === large);
      tile.box.classList.toggle("tile--shows", facts.shows !== "");
      tile.box.classList.toggle("tile--dark", !picture);
      const said = [
        this.states.get(number) === "away" ? this.texts.away : "",
        facts.microphone ? "" : this.texts.isMuted,
        picture ? "" : this.texts.noPicture,
      ];
      tile.facts.textContent = said.filter(Boolean).join(", ");
      const pressed = this.pinned === number;
      tile.pin.textContent = pressed
        ? (this.texts.small ?? "")
        : (this.texts.large ?? "").replace("{name}", tile.who);
      tile.pin.hidden = this.tiles.size < 3 || (number === OWN && facts.shows === "");
    }
  }

  private onlyOther(): number | null {
    const others = [...this.tiles.keys()].filter((number) => number !== OWN);
    return others.length === 1 ? (others[0] ?? null) : null;
  }
}
