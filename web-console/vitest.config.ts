import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Runes outside of components, too.
  plugins: [svelte()],
  test: { include: ['src/**/*.test.ts'], environment: 'node', css: true },
});
