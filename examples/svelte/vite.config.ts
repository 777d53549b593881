import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { grants } from './backend.ts';

export default defineConfig({ plugins: [svelte(), grants()] });
