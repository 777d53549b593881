//! `/metrics`: the counters of all isolates, from the account object. Only for those who have the token.

use worker::{Env, Request, Response, Result};

use super::Isolate;
use crate::account::protocol::{ToAccount, account, ask, send};
use crate::counters;

pub(super) async fn serve(isolate: &Isolate, env: &Env, request: &Request) -> Result<Response> {
    let Some(token) = &isolate.config.metrics_token else {
        return Response::error("Metrics are not configured", 404);
    };
    let given = request.headers().get("authorization")?.unwrap_or_default();
    let given = given.strip_prefix("Bearer ").unwrap_or_default();
    if !is_same(given.as_bytes(), token.as_bytes()) {
        return Response::error("The token is not valid", 401);
    }
    let account = account(env, &isolate.config.policy.account_id)?;
    send(&account, &ToAccount::Counted(counters::take())).await?;
    let text: String = ask(&account, &ToAccount::Metrics).await?;
    let mut response = Response::ok(text)?;
    let headers = response.headers_mut();
    headers.set("content-type", "text/plain; version=0.0.4")?;
    headers.set("cache-control", "no-store")?;
    Ok(response)
}

/// Compares in a time that does not depend on where they differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differ = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && differ == 0
}
