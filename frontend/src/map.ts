// The national map: own boundaries, and one symbol layer for points and proposals.
import "maplibre-gl/dist/maplibre-gl.css";
import {
  AttributionControl,
  Map as LibreMap,
  NavigationControl,
  Popup,
  prewarm,
  setWorkerUrl,
  type FilterSpecification,
  type LayerSpecification,
  type MapLayerMouseEvent,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { element, pageData } from "./page";
import { symbolImage, type Shape } from "./symbols";

interface Config {
  places: string;
  boundaries: string;
  tiles: string;
  attribution: string;
  bounds: [number, number, number, number];
  shapes: Record<string, Shape>;
  sizes: Record<string, number>;
  order: string[];
  texts: { open: string; close: string; failed: string };
}

interface PlaceProperties {
  name: string;
  place: string;
  kind: string;
  kind_label: string;
  outcome: string;
  outcome_label: string;
  visits: string;
  note: string;
  url: string;
}

type Boundaries = Topology<{ munis: GeometryCollection }>;

// The worker is a file of our own origin, as the content security policy asks.
setWorkerUrl(workerUrl);
prewarm(); // it starts while the data are on their way

async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`${url}: ${response.status}`);
  }
  return (await response.json()) as T;
}

function style(config: Config, boundaries: Boundaries, places: GeoJSON.FeatureCollection) {
  const munis = boundaries.objects.munis;
  const base: StyleSpecification = {
    version: 8,
    sources: {
      land: { type: "geojson", data: feature(boundaries, munis) },
      places: { type: "geojson", data: places },
    },
    layers: [{ id: "sea", type: "background", paint: { "background-color": "#dfeaf2" } }],
  };
  if (config.tiles) {
    base.sources["tiles"] = { type: "raster", tiles: [config.tiles], tileSize: 256 };
    base.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  base.layers.push(
    {
      id: "land",
      type: "fill",
      source: "land",
      paint: { "fill-color": "#fbfaf5", "fill-opacity": config.tiles ? 0.35 : 1 },
    },
    {
      id: "lines",
      type: "line",
      source: "land",
      paint: { "line-color": "#aeb3b0", "line-width": 0.8 },
    },
    placesLayer(config),
  );
  return base;
}

function placesLayer(config: Config): LayerSpecification {
  const sizes = Object.entries(config.sizes).flatMap(([kind, size]) => [kind, size]);
  const size = (scale: number): unknown => [
    "*",
    scale,
    ["match", ["get", "kind"], ...sizes, 1],
  ];
  return {
    id: "places",
    type: "symbol",
    source: "places",
    layout: {
      "icon-image": ["concat", "outcome-", ["get", "outcome"]],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 3, size(0.5), 6, size(0.85), 9, size(1.3)],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      // What asks for attention is drawn above what does not.
      "symbol-sort-key": ["get", "rank"],
    },
  } as LayerSpecification;
}

function checked(name: string): string[] {
  const boxes = document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]:checked`);
  return [...boxes].map((box) => box.value);
}

function currentFilter(): FilterSpecification {
  return [
    "all",
    ["in", ["get", "outcome"], ["literal", checked("layer-outcome")]],
    ["in", ["get", "kind"], ["literal", checked("layer-kind")]],
  ] as FilterSpecification;
}

function popupContent(place: PlaceProperties, texts: Config["texts"]): HTMLElement {
  const content = element("div");
  content.append(element("h3", place.name));
  content.append(element("p", `${place.kind_label}, ${place.place}`));
  const outcome = element("p");
  outcome.append(element("strong", place.outcome_label));
  content.append(outcome);
  for (const text of [place.visits, place.note]) {
    if (text) {
      content.append(element("p", text));
    }
  }
  if (place.url) {
    const line = element("p");
    line.append(element("a", texts.open, { href: place.url }));
    content.append(line);
  }
  return content;
}

function explainPlaces(map: LibreMap, config: Config): void {
  const popup = new Popup({ closeOnMove: false, maxWidth: "18rem" });
  map.on("click", "places", (event: MapLayerMouseEvent) => {
    const hit = event.features?.[0];
    if (hit?.geometry.type !== "Point") {
      return;
    }
    const [lon, lat] = hit.geometry.coordinates as [number, number];
    popup
      .setLngLat([lon, lat])
      .setDOMContent(popupContent(hit.properties as PlaceProperties, config.texts))
      .addTo(map);
  });
  map.on("mouseenter", "places", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "places", () => (map.getCanvas().style.cursor = ""));
}

function followLayers(map: LibreMap): void {
  const apply = () => map.setFilter("places", currentFilter());
  for (const box of document.querySelectorAll<HTMLInputElement>("input[name^='layer-']")) {
    box.disabled = false;
    box.addEventListener("change", apply);
  }
  apply(); // a browser may have kept boxes unticked over a reload
}

async function draw(container: HTMLElement): Promise<void> {
  const config = pageData<Config>("map-config");
  const [boundaries, places] = await Promise.all([
    fetchJson<Boundaries>(config.boundaries),
    fetchJson<GeoJSON.FeatureCollection>(config.places),
  ]);
  container.replaceChildren();
  const map = new LibreMap({
    container,
    style: style(config, boundaries, places),
    bounds: config.bounds,
    // Room below for the line that names the sources.
    fitBoundsOptions: { padding: { top: 12, bottom: 48, left: 12, right: 12 } },
    attributionControl: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: pageData<Record<string, string>>("map-locale"),
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new AttributionControl({ compact: false, customAttribution: config.attribution }));
  map.on("load", () => followLayers(map));
  for (const [outcome, shape] of Object.entries(config.shapes)) {
    map.on("style.load", () => map.addImage(`outcome-${outcome}`, symbolImage(shape), {
      pixelRatio: 2,
    }));
  }
  explainPlaces(map, config);
  map.once("idle", () => {
    container.dataset["ready"] = "true";
  });
}

const container = document.getElementById("map");
if (container) {
  draw(container).catch((error: unknown) => {
    // The table below the map says the same; tell the reader to use it.
    console.error(error);
    container.dataset["ready"] = "failed";
    container.replaceChildren(element("p", pageData<Config>("map-config").texts.failed));
  });
}
