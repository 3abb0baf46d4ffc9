// A symbol of the legend as an image for the map: the same path, so that they never differ.

export interface Shape {
  path: string;
  fill: string;
  stroke: string;
}

const BOX = 20; // the paths are drawn in a box of 20 × 20
const SCALE = 2.4; // drawn large and shown at half size, sharp on dense screens

export function symbolImage(shape: Shape): ImageData {
  const side = Math.round(BOX * SCALE);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) {
    throw new Error("This browser cannot draw on a canvas.");
  }
  context.scale(SCALE, SCALE);
  const path = new Path2D(shape.path);
  context.lineJoin = "round";
  context.lineWidth = 4; // a white edge keeps neighbours apart
  context.strokeStyle = "#ffffff";
  context.stroke(path);
  context.fillStyle = shape.fill;
  context.fill(path);
  context.lineWidth = 2;
  context.strokeStyle = shape.stroke;
  context.stroke(path);
  return context.getImageData(0, 0, side, side);
}
