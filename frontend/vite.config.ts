import { defineConfig } from "vite";

// One entry an island; Django finds the built names in the manifest.
export default defineConfig({
  base: "/static/dist/",
  build: {
    outDir: "../src/palveluverkko/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    rollupOptions: {
      input: [
        "main",
        "map",
        "chart",
        "portal",
        "booking",
        "desk",
        "kiosk",
        "screen",
        "call",
        "call-desk",
        "phone",
        "wallboard",
        "video",
        "room",
        "invite",
        "meeting/room",
        "meeting/test",
      ].map((name) => `src/${name}.ts`),
    },
  },
});
