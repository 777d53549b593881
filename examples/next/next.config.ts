import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  // The page's requests to /client/v4 go to the gateway, whose address ends in /client/v4.
  rewrites: async () => [
    { source: '/client/v4/:path*', destination: `${process.env.GATEWAY}/:path*` },
  ],
};

export default nextConfig;
