import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The broker behind the development server. */
const broker = process.env['MILLRACE_HTTP'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/',
  plugins: [svelte()],
  build: {
    outDir: '../target/web-console/console',
    emptyOutDir: true,
    target: 'es2022',
    // A style that is inlined would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/ws', '/sse', '/metrics', '/openapi.json', '/asyncapi.json'].map((path) => [
        path,
        { target: broker, ws: path === '/ws', changeOrigin: true, rewriteWsOrigin: true, headers: { origin: broker } },
      ]),
    ),
  },
});
