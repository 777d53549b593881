/**
 * The path of the gateway's program: that of the environment variable `REALTIMEKIT_GATEWAY_BINARY`, or
 * npm's for this platform.
 *
 * @throws Error that says how to build it, if there is none for this platform.
 */
export declare function binaryPath(): string;

/** The folder of the moderator page, for the gateway's `page.dir`. */
export declare function pagePath(): string;
