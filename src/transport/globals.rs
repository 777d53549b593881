//! The environment of Rust callers: JavaScript's globals.

use super::events::deliver;
use super::host::{host, install};
use crate::js;
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, EventTarget, RequestInit, WebSocket};

#[wasm_bindgen]
extern "C" {
    // js-sys takes closures; these take functions, and a caller's promise may throw.
    #[wasm_bindgen(js_name = Promise)]
    type AnyPromise;
    #[wasm_bindgen(static_method_of = AnyPromise, js_class = "Promise", catch)]
    fn resolve(value: &JsValue) -> Result<AnyPromise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn then(
        this: &AnyPromise,
        fulfilled: &Function,
        rejected: &Function,
    ) -> Result<JsValue, JsValue>;

    type Bindable;
    #[wasm_bindgen(method)]
    fn bind(this: &Bindable, this_arg: &JsValue, slot: u32, tag: u32, event: u32) -> Function;
    #[wasm_bindgen(method, js_name = bind)]
    fn bind_values(this: &Bindable, this_arg: &JsValue, one: &JsValue, other: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, ms: i32) -> JsValue;
}

/// Uses the globals, unless there is another environment. To be called before each call from Rust.
pub(crate) fn use_globals() {
    if !host().is_undefined() {
        return;
    }
    let host = Object::new();
    let set = |name: &str, function: JsValue| {
        // A new object takes any property.
        let _ = Reflect::set(&host, &name.into(), &function);
    };
    let deliver = Closure::<dyn Fn(u32, u32, u32, JsValue)>::new(deliver).into_js_value();
    // Binds an address and an event. A closure for each wait, as in `JsFuture` and gloo-timers, would cost two objects
    // and their finalizers.
    let bind = move |slot: u32, tag: u32, event: u32| {
        let deliver: &Bindable = deliver.unchecked_ref();
        deliver.bind(&JsValue::UNDEFINED, slot, tag, event)
    };

    type Fetch = dyn Fn(
        Option<Function>,
        String,
        String,
        JsValue,
        Option<AbortController>,
    ) -> Result<JsValue, JsValue>;
    let fetch = Closure::<Fetch>::new(
        |own: Option<Function>,
         url: String,
         init: String,
         body: JsValue,
         controller: Option<AbortController>| {
            let init: RequestInit = JSON::parse(&init)?.unchecked_into();
            if !body.is_undefined() {
                init.set_body(&body);
            }
            init.set_signal(controller.map(|controller| controller.signal()).as_ref());
            match own {
                Some(own) => own.call2(&JsValue::UNDEFINED, &url.into(), &init),
                None => global_fetch(&url, &init),
            }
        },
    );
    set("fetch", fetch.into_js_value());

    let socket_handler = bind.clone();
    let handler = bind.clone();
    type AwaitPromise = dyn Fn(JsValue, u32, u32, u32, u32) -> Result<(), JsValue>;
    let await_promise =
        Closure::<AwaitPromise>::new(move |promise, slot, tag, fulfilled, rejected| {
            let fulfilled = handler(slot, tag, fulfilled);
            let rejected = handler(slot, tag, rejected);
            AnyPromise::resolve(&promise)?.then(&fulfilled, &rejected)?;
            Ok(())
        });
    set("awaitPromise", await_promise.into_js_value());

    let handler = bind.clone();
    let start_timer =
        Closure::<dyn Fn(i32, u32, u32, u32) -> JsValue>::new(move |ms, slot, tag, event| {
            let timer = set_timeout(&handler(slot, tag, event), ms);
            let clear: Bindable = js::global("clearTimeout").unchecked_into();
            clear.bind_values(&JsValue::UNDEFINED, &timer, &JsValue::UNDEFINED)
        });
    set("startTimer", start_timer.into_js_value());
    let end = Closure::<dyn Fn(Function)>::new(|source: Function| {
        // The caller's signal may be anything.
        let _ = source.call0(&JsValue::UNDEFINED);
    });
    set("end", end.into_js_value());

    let controller = || AbortController::new().map_or(JsValue::UNDEFINED, JsValue::from);
    let controller = Closure::<dyn Fn() -> JsValue>::new(controller);
    set("abortController", controller.into_js_value());

    type Listen = dyn Fn(EventTarget, String, u32, u32, u32) -> Result<JsValue, JsValue>;
    let listen =
        Closure::<Listen>::new(move |target: EventTarget, name: String, slot, tag, event| {
            let handler = bind(slot, tag, event);
            target.add_event_listener_with_callback(&name, &handler)?;
            let remove: Bindable = js::get(&target, "removeEventListener").unchecked_into();
            Ok(remove.bind_values(&target, &name.into(), &handler))
        });
    set("listen", listen.into_js_value());

    type Connect = dyn Fn(Function, String, String, u32, u32, u32) -> Result<JsValue, JsValue>;
    let connect = Closure::<Connect>::new(
        move |class: Function, url: String, token: String, slot, tag, event| {
            let protocols = Array::of2(&"realtimekit-moderator.v1".into(), &token.into());
            let given = Array::of2(&socket_url(&url).into(), &protocols);
            let socket = Reflect::construct(&class, &given)?;
            for (name, field) in [("onmessage", "data"), ("onclose", "code")] {
                let handler = socket_handler(slot, tag, event);
                let on_event = Closure::<dyn Fn(JsValue)>::new(move |fired: JsValue| {
                    // It delivers, and returns nothing.
                    let _ = handler.call1(&JsValue::UNDEFINED, &js::get(&fired, field));
                });
                Reflect::set(&socket, &name.into(), &on_event.into_js_value())?;
            }
            Ok(socket)
        },
    );
    set("connect", connect.into_js_value());
    let send_grant = |socket: WebSocket, token: String| {
        let message = serde_json::json!({ "type": "grant", "token": token });
        // One that is not open any more says so by its end.
        let _ = socket.send_with_str(&message.to_string());
    };
    let send_grant = Closure::<dyn Fn(WebSocket, String)>::new(send_grant);
    set("sendGrant", send_grant.into_js_value());
    let disconnect = Closure::<dyn Fn(WebSocket)>::new(|socket: WebSocket| {
        socket.set_onmessage(None);
        socket.set_onclose(None);
        let _ = socket.close();
    });
    set("disconnect", disconnect.into_js_value());
    install(host.into());
}

/// The URL of the `watch` beside that of an `active-session`, which may have a query.
fn socket_url(url: &str) -> String {
    let (path, query) = url.split_at(url.find('?').unwrap_or(url.len()));
    let path = path.strip_suffix("active-session").unwrap_or(path);
    let path = path.strip_prefix("http").unwrap_or(path);
    format!("ws{path}watch{query}")
}

#[cfg(test)]
mod tests {
    use super::socket_url;

    #[test]
    fn a_socket_is_beside_the_session() {
        let url = "https://g.example/active-session/meetings/m/active-session";
        let socket = "wss://g.example/active-session/meetings/m/watch";
        assert_eq!(socket_url(url), socket);
        let query = "?stream=active-session&seq=1";
        assert_eq!(
            socket_url(&format!("{url}{query}")),
            format!("{socket}{query}")
        );
    }
}
