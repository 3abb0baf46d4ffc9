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
      input: ["src/main.ts", "src/map.ts", "src/chart.ts", "src/portal.ts", "src/booking.ts"],
    },
  },
});
