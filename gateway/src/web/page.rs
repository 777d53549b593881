//! The headers of the page's files.

/// Nothing inline, no foreign content but participants' pictures, no framing; only lit's templates
/// turn texts into HTML.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                          connect-src 'self'; img-src 'self' https:; base-uri 'none'; \
                          form-action 'none'; frame-ancestors 'none'; \
                          require-trusted-types-for 'script'; trusted-types lit-html";

/// The headers of every file.
pub const HEADERS: [(&str, &str); 4] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// The folder of files with a content hash in their names.
pub const ASSETS: &str = "assets";

/// `Cache-Control` of a file that may change.
pub const NO_CACHE: &str = "no-cache";

/// `Cache-Control` of a file with a content hash in its name.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
