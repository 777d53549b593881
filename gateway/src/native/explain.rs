//! Says why the gateway accepts or refuses a token, claim by claim.

use secrecy::ExposeSecret;
use tokio::runtime::Builder;

use crate::native::cli::Explain;
use crate::native::config::Config;
use crate::native::parts;
use crate::platform::KeySource;
use crate::token_verifier::{Explanation, Refused};

/// The explanation as text, and whether the gateway accepts the token and it allows something.
///
/// # Errors
///
/// Names the wrong field, or the file or the keys that cannot be read.
pub fn explain(config: &Config, asked: &Explain, now_s: u64) -> Result<(String, bool), String> {
    let token = match asked.token.expose_secret() {
        "-" => std::io::read_to_string(std::io::stdin())
            .map_err(|error| format!("standard input: {error}"))?,
        token => token.to_owned(),
    };
    let token = token.trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let made = parts::make(config)?;
    let verifier = made.parts.verifier;
    if let (Err(Refused::UnknownKey), Some(jwks)) = (verifier.grant(token, now_s), made.jwks) {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let keys = runtime.block_on(jwks.fetch());
        let keys = keys.ok_or("identity.jwks_url: the keys cannot be fetched")?;
        verifier
            .publish(&keys)
            .map_err(|what| format!("identity.jwks_url: {what}"))?;
    }
    let explanation = verifier.explain(token, now_s);
    let is_good = explanation.is_accepted && !explanation.rights.is_empty();
    Ok((text(&explanation), is_good))
}

fn text(explanation: &Explanation) -> String {
    let mut text = String::new();
    for finding in &explanation.findings {
        let mark = if finding.is_problem { "refused" } else { "ok" };
        text.push_str(&format!(
            "{mark:<8} {:<11} {}\n",
            finding.claim, finding.text
        ));
    }
    let verdict = match (explanation.is_accepted, explanation.rights.as_slice()) {
        (false, _) => "The gateway refuses this grant.".to_owned(),
        (true, []) => "The gateway accepts this grant, but it allows nothing.".to_owned(),
        (true, rights) => format!("The gateway accepts this grant: {}.", rights.join("; ")),
    };
    text + &verdict
}
