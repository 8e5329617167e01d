import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page works under a policy that takes nothing inline: no module preload polyfill, no assets as data.
export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2000 },
  server: { proxy: { '/api': { target: process.env['HOLOFLOW_API_URL'] ?? 'http://127.0.0.1:4200', changeOrigin: true, headers: { origin: '' } } } },
});
