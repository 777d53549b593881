import type { NextConfig } from 'next';

const config: NextConfig = {
  // The page's requests to /client/v4 go to the gateway, whose address ends in /client/v4.
  rewrites: async () => [
    { source: '/client/v4/:path*', destination: `${process.env.GATEWAY}/:path*` },
  ],
};

export default config;
