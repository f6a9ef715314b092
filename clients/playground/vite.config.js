import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../../server/playground/dist',
    // The folder is emptied; its .gitkeep comes back from public/.
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and images stay files, so that the content security policy needs no data: for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The notices that the bundled packages ask to be kept with them.
    license: { fileName: 'licences.md' },
    // The editor is one chunk of nearly 3 MB, loaded once and cached for ever.
    chunkSizeWarningLimit: 3000,
    // Marks that packages leave for a compiler which has already run.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
