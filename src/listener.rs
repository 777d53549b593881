//! An ear on something that may outlive thousands of our calls: it is taken off again.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// Hears an event until it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    /// Calls `heard` at each event. Fails if `target` is nothing that has events.
    pub(crate) fn new(
        target: &EventTarget,
        event: &'static str,
        heard: impl FnMut() + 'static,
    ) -> Result<Self, JsValue> {
        let listener = Self {
            target: target.clone(),
            event,
            closure: Closure::new(heard),
        };
        target.add_event_listener_with_callback(event, listener.function())?;
        Ok(listener)
    }

    fn function(&self) -> &Function {
        self.closure.as_ref().unchecked_ref()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.event, self.function());
    }
}
