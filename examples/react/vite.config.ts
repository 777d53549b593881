import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { grants } from './backend.ts';

export default defineConfig({ plugins: [react(), grants()] });
