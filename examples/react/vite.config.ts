import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { grants } from './backend';

export default defineConfig({ plugins: [react(), grants()] });
