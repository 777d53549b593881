import vue from '@vitejs/plugin-vue';
import process from 'node:process';
import { defineConfig } from 'vite';
import { grants } from './backend.ts';

const isCustomElement = (tag: string) => tag.startsWith('rtk-');

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), grants()],
  server: {
    proxy: {
      '/client/v4': { target: process.env.GATEWAY_ORIGIN, changeOrigin: false, ws: true },
    },
  },
});
